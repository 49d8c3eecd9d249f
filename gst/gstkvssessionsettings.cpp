// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvssessionsettings.h"

#include <type_traits>
#include <utility>

#include "gstkvsproperty.h"
#include "gstkvssessionuri.h"

using kvsarchive::Result;
using kvsarchive::UnixTime;
using kvsarchive::kvs::ContainerFormat;
using kvsarchive::kvs::DiscontinuityMode;
using kvsarchive::kvs::DisplayMode;
using kvsarchive::kvs::PlaybackMode;
using kvsarchive::kvs::SessionProtocol;
using kvsarchive::session::SessionOptions;

namespace {

const GEnumValue kProtocols[] = {
    {static_cast<int>(SessionProtocol::kHls), "HTTP Live Streaming", "hls"},
    {static_cast<int>(SessionProtocol::kDash), "MPEG-DASH", "dash"},
    {0, nullptr, nullptr}};
const GEnumValue kPlaybackModes[] = {
    {static_cast<int>(PlaybackMode::kLive), "The newest fragments, as they come in", "live"},
    {static_cast<int>(PlaybackMode::kLiveReplay), "Recorded ones, as if they came in now",
     "live-replay"},
    {static_cast<int>(PlaybackMode::kOnDemand), "All of a range", "on-demand"},
    {0, nullptr, nullptr}};
const GEnumValue kContainerFormats[] = {
    {static_cast<int>(ContainerFormat::kFragmentedMp4), "Fragmented MP4", "fragmented-mp4"},
    {static_cast<int>(ContainerFormat::kMpegTs), "MPEG transport stream, HLS only", "mpeg-ts"},
    {0, nullptr, nullptr}};
const GEnumValue kDiscontinuityModes[] = {
    {static_cast<int>(DiscontinuityMode::kDefault),
     "The service's: always with server-timestamp, never with producer-timestamp", "default"},
    {static_cast<int>(DiscontinuityMode::kAlways), "Between all fragments", "always"},
    {static_cast<int>(DiscontinuityMode::kNever), "Nowhere", "never"},
    {static_cast<int>(DiscontinuityMode::kOnDiscontinuity),
     "Where there is a gap or an overlap of more than 50 ms", "on-discontinuity"},
    {0, nullptr, nullptr}};
const GEnumValue kDisplayModes[] = {
    {static_cast<int>(DisplayMode::kNever), "Not in the playlist", "never"},
    {static_cast<int>(DisplayMode::kAlways), "In the playlist", "always"},
    {0, nullptr, nullptr}};

struct EnumProperty {
  guint id;
  GstKvsPropertyText text;
  const char* type;
  const GEnumValue* values;
  int (*get)(const SessionOptions& options);
  void (*set)(SessionOptions& options, int value);
};

template <auto Member>
EnumProperty enum_property(guint id, const char* name, const char* nick, const char* blurb,
                           const char* type, const GEnumValue* values) {
  using Enum = std::remove_reference_t<decltype(std::declval<SessionOptions&>().*Member)>;
  return {id,
          {name, nick, blurb},
          type,
          values,
          [](const SessionOptions& options) { return static_cast<int>(options.*Member); },
          [](SessionOptions& options, int value) { options.*Member = static_cast<Enum>(value); }};
}

const EnumProperty kEnums[] = {
    enum_property<&SessionOptions::protocol>(GST_KVS_SESSION_PROP_PROTOCOL, "protocol", "Protocol",
                                             "Which kind of session to open",
                                             "GstKvsSessionProtocol", kProtocols),
    enum_property<&SessionOptions::playbackMode>(
        GST_KVS_SESSION_PROP_PLAYBACK_MODE, "playback-mode", "Playback mode",
        "Live (no range), a recording as if it were live (start-timestamp, perhaps end-timestamp), "
        "or a recording as a whole (both)",
        "GstKvsSessionPlaybackMode", kPlaybackModes),
    enum_property<&SessionOptions::containerFormat>(
        GST_KVS_SESSION_PROP_CONTAINER_FORMAT, "container-format", "Container format",
        "How the media are packaged; mpeg-ts is for protocol=hls only",
        "GstKvsSessionContainerFormat", kContainerFormats),
    enum_property<&SessionOptions::discontinuityMode>(
        GST_KVS_SESSION_PROP_DISCONTINUITY_MODE, "discontinuity-mode", "Discontinuity mode",
        "Where the playlist tells players to begin a new timeline; protocol=hls only",
        "GstKvsSessionDiscontinuityMode", kDiscontinuityModes),
    enum_property<&SessionOptions::displayFragmentTimestamp>(
        GST_KVS_SESSION_PROP_DISPLAY_FRAGMENT_TIMESTAMP, "display-fragment-timestamp",
        "Display fragment timestamp",
        "Whether the playlist tells when each fragment began: EXT-X-PROGRAM-DATE-TIME in HLS, "
        "kvs:ts in DASH",
        "GstKvsSessionDisplayMode", kDisplayModes),
    enum_property<&SessionOptions::displayFragmentNumber>(
        GST_KVS_SESSION_PROP_DISPLAY_FRAGMENT_NUMBER, "display-fragment-number",
        "Display fragment number",
        "Whether the manifest tells the number of each fragment, kvs:fn; protocol=dash only",
        "GstKvsSessionDisplayMode", kDisplayModes),
};

const EnumProperty* find_enum(guint id) {
  for (const auto& property : kEnums) {
    if (property.id == id) {
      return &property;
    }
  }
  return nullptr;
}

Result<std::optional<UnixTime>> parse_time(const char* name, const std::string& text,
                                           UnixTime now) {
  if (text.empty()) {
    return std::optional<UnixTime>();
  }
  const auto time = gst_kvs_range_time(name, text, now);
  return time ? Result<std::optional<UnixTime>>(*time) : time.error();
}

}  // namespace

void gst_kvs_session_settings_install_properties(GObjectClass* klass) {
  const SessionOptions defaults;
  gst_kvs_settings_install_properties(klass);
  gst_kvs_range_install_properties(
      klass, GstKvsSessionSettings().range,
      "RFC 3339 time with zone, seconds since 1970, now, or now less a time such as now-90m or "
      "now-1d; not for playback-mode=live",
      "A time written like start-timestamp, and after it, by 24 hours at most");
  for (const auto& property : kEnums) {
    gst_kvs_install_enum(klass, property.id, property.text, property.type, property.values,
                         property.get(defaults));
  }
  g_object_class_install_property(
      klass, GST_KVS_SESSION_PROP_EXPIRES,
      g_param_spec_uint("expires", "Expires",
                        "Seconds that the session lasts, 300 to 43200 (0 = as long as playing the "
                        "range takes, 43200 for what has no end)",
                        0, kvsarchive::session::kMaxExpires, defaults.expires,
                        GST_KVS_PARAM_READWRITE));
  g_object_class_install_property(
      klass, GST_KVS_SESSION_PROP_MAX_FRAGMENTS,
      g_param_spec_uint("max-fragments", "Maximum fragments",
                        "How many fragments a playlist has at most: the newest ones live, the "
                        "oldest ones on demand, and others are left out (0 = 5, on demand 1000)",
                        0, kvsarchive::session::kMostFragments, defaults.maxFragments,
                        GST_KVS_PARAM_READWRITE));
  g_object_class_install_property(
      klass, GST_KVS_SESSION_PROP_STATS,
      g_param_spec_boxed("stats", "Statistics",
                         "The session and its requests; kept after the end until the next start",
                         GST_TYPE_STRUCTURE, GST_KVS_PARAM_READABLE));
  gst_kvs_install_string(klass, GST_KVS_SESSION_PROP_URI,
                         {"uri", "URI",
                          "Stream and session at once, kvshls://region/stream?playback-mode=.. or "
                          "kvsdash://.., for stream-name, aws-region, protocol and others"},
                         nullptr);
}

gboolean gst_kvs_session_settings_set_property(GstKvsSessionSettings* settings, guint id,
                                               const GValue* value) {
  if (const EnumProperty* property = find_enum(id)) {
    property->set(settings->options, g_value_get_enum(value));
    return TRUE;
  }
  switch (id) {
    case GST_KVS_SESSION_PROP_EXPIRES:
      settings->options.expires = g_value_get_uint(value);
      return TRUE;
    case GST_KVS_SESSION_PROP_MAX_FRAGMENTS:
      settings->options.maxFragments = g_value_get_uint(value);
      return TRUE;
    case GST_KVS_SESSION_PROP_URI: {
      const auto stored =
          gst_kvs_session_uri_to_settings(gst_kvs_string_from_value(value), settings);
      settings->uriError = stored ? std::nullopt : std::make_optional(stored.error());
      return TRUE;
    }
    default:
      return gst_kvs_range_set_property(&settings->range, GstKvsSessionSettings().range, id,
                                        value) ||
             gst_kvs_settings_set_property(&settings->connection, id, value);
  }
}

gboolean gst_kvs_session_settings_get_property(GstKvsSessionSettings* settings, guint id,
                                               GValue* value) {
  if (const EnumProperty* property = find_enum(id)) {
    g_value_set_enum(value, property->get(settings->options));
    return TRUE;
  }
  switch (id) {
    case GST_KVS_SESSION_PROP_EXPIRES:
      g_value_set_uint(value, settings->options.expires);
      return TRUE;
    case GST_KVS_SESSION_PROP_MAX_FRAGMENTS:
      g_value_set_uint(value, settings->options.maxFragments);
      return TRUE;
    case GST_KVS_SESSION_PROP_URI:
      gst_kvs_string_to_value(gst_kvs_session_uri_from_settings(settings), value);
      return TRUE;
    default:
      return gst_kvs_range_get_property(settings->range, id, value) ||
             gst_kvs_settings_get_property(&settings->connection, id, value);
  }
}

Result<kvsarchive::kvs::SessionRequest> gst_kvs_session_settings_resolve(
    const GstKvsSessionSettings& settings, UnixTime now) {
  if (settings.uriError) {
    return *settings.uriError;
  }
  const auto start = parse_time("start-timestamp", settings.range.startTimestamp, now);
  if (!start) {
    return start.error();
  }
  const auto end = parse_time("end-timestamp", settings.range.endTimestamp, now);
  if (!end) {
    return end.error();
  }
  SessionOptions options = settings.options;
  options.selectorType = settings.range.selectorType;
  options.start = *start;
  options.end = *end;
  return makeSessionRequest(options, now);
}
