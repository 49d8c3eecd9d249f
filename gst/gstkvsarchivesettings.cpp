// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsarchivesettings.h"

#include "gstkvsarchiveuri.h"
#include "gstkvsproperty.h"
#include "gstkvssettings.h"

using kvsarchive::archive::ArchiveOptions;
using kvsarchive::archive::Duplicates;
using kvsarchive::archive::FragmentClock;
using kvsarchive::archive::OnMissingFragment;
using kvsarchive::matroska::OnTrackChange;

namespace {

constexpr guint kMaxConnections = 16;
constexpr guint64 kLeastPrefetchBytes = 1 << 16;
constexpr guint64 kMostPrefetchBytes = G_GUINT64_CONSTANT(1) << 40;

const GEnumValue kTimelines[] = {
    {static_cast<int>(FragmentClock::kProducer), "The producer's clock", "producer"},
    {static_cast<int>(FragmentClock::kServer), "The service's clock", "server"},
    {0, nullptr, nullptr}};
const GEnumValue kDuplicates[] = {
    {static_cast<int>(Duplicates::kNewest), "The one ingested last", "newest"},
    {static_cast<int>(Duplicates::kAll), "All of them, one after the other", "all"},
    {0, nullptr, nullptr}};
const GEnumValue kOnMissingFragment[] = {
    {static_cast<int>(OnMissingFragment::kSkip), "Warn and go on with the next one", "skip"},
    {static_cast<int>(OnMissingFragment::kError), "Stop with an error", "error"},
    {0, nullptr, nullptr}};
const GEnumValue kOnTrackChange[] = {
    {static_cast<int>(OnTrackChange::kError), "Stop with an error", "error"},
    {static_cast<int>(OnTrackChange::kDropTracks), "Leave out the tracks", "drop-tracks"},
    {static_cast<int>(OnTrackChange::kDropFragments), "Leave out the fragments", "drop-fragments"},
    {0, nullptr, nullptr}};

void install_range_properties(GObjectClass* klass) {
  const ArchiveOptions defaults;
  gst_kvs_range_install_properties(
      klass, GstKvsArchiveSettings().range,
      "RFC 3339 time with zone, seconds since 1970, now, or now less a time such as now-90m or "
      "now-1d; see lead-in",
      "A time written like start-timestamp, and after it; see trim-end");
  gst_kvs_install_enum(klass, GST_KVS_ARCHIVE_PROP_TIMELINE,
                       {"timeline", "Timeline",
                        "Which timestamp of a fragment sets the order and the times of its frames"},
                       "GstKvsArchiveTimeline", kTimelines, static_cast<int>(defaults.clock));
  gst_kvs_install_boolean(
      klass, GST_KVS_ARCHIVE_PROP_LEAD_IN,
      {"lead-in", "Lead-in",
       "Begin with the last key frame at or before start-timestamp, in the fragment that "
       "covers it; else with the first fragment that starts in the range"},
      defaults.leadIn);
  gst_kvs_install_boolean(
      klass, GST_KVS_ARCHIVE_PROP_TRIM_END,
      {"trim-end", "Trim end",
       "End each track with its last frame at or before end-timestamp; else with the "
       "last fragment that starts in the range"},
      defaults.trimEnd);
}

void install_policy_properties(GObjectClass* klass) {
  const ArchiveOptions defaults;
  gst_kvs_install_enum(klass, GST_KVS_ARCHIVE_PROP_DUPLICATES,
                       {"duplicates", "Duplicates",
                        "Which of several fragments with the same producer timestamp to read"},
                       "GstKvsArchiveDuplicates", kDuplicates,
                       static_cast<int>(defaults.duplicates));
  gst_kvs_install_enum(
      klass, GST_KVS_ARCHIVE_PROP_ON_MISSING_FRAGMENT,
      {"on-missing-fragment", "On missing fragment",
       "What to do when the service repeatedly has no media, or none that can be read, for "
       "a fragment or the rest of one"},
      "GstKvsArchiveOnMissingFragment", kOnMissingFragment,
      static_cast<int>(defaults.onMissingFragment));
  gst_kvs_install_enum(
      klass, GST_KVS_ARCHIVE_PROP_ON_TRACK_CHANGE,
      {"on-track-change", "On track change",
       "What to do with fragments that have tracks which the first one lacks, or another "
       "codec"},
      "GstKvsArchiveOnTrackChange", kOnTrackChange, static_cast<int>(defaults.onTrackChange));
  gst_kvs_install_boolean(
      klass, GST_KVS_ARCHIVE_PROP_SEEKABLE,
      {"seekable", "Seekable",
       "Let demuxers seek, by cues that only this source can follow; none go into a "
       "document that leads to nothing but files"},
      defaults.seekable);
  gst_kvs_install_boolean(
      klass, GST_KVS_ARCHIVE_PROP_POST_FRAGMENT_MESSAGES,
      {"post-fragment-messages", "Post fragment messages",
       "Post an element message kvs-fragment for each fragment, beside the event of "
       "that name"},
      GstKvsArchiveSettings().postFragmentMessages);
}

void install_fetch_properties(GObjectClass* klass) {
  const kvsarchive::archive::FetchLimits defaults;
  g_object_class_install_property(
      klass, GST_KVS_ARCHIVE_PROP_MAX_CONNECTIONS,
      g_param_spec_uint(
          "max-connections", "Maximum connections",
          "How many answers with media to receive at a time; the service sends 5 of a "
          "stream at a time, to all of its readers together",
          1, kMaxConnections, defaults.connections, GST_KVS_PARAM_READWRITE));
  g_object_class_install_property(
      klass, GST_KVS_ARCHIVE_PROP_PREFETCH_BYTES,
      g_param_spec_uint64("prefetch-bytes", "Prefetch bytes",
                          "How much media to hold in memory at most before it is pushed",
                          kLeastPrefetchBytes, kMostPrefetchBytes, defaults.prefetchBytes,
                          GST_KVS_PARAM_READWRITE));
}

void install_read_only_properties(GObjectClass* klass) {
  const struct {
    guint id;
    const char* name;
    const char* blurb;
  } times[] = {
      {GST_KVS_ARCHIVE_PROP_START_TIME_NS, "start-time-ns",
       "start-timestamp as resolved at the start, ns since 1970 (0 = not started yet)"},
      {GST_KVS_ARCHIVE_PROP_END_TIME_NS, "end-time-ns",
       "end-timestamp as resolved at the start, ns since 1970 (0 = not started yet)"},
      {GST_KVS_ARCHIVE_PROP_ORIGIN_TIMESTAMP, "origin-timestamp",
       "Wall clock of presentation time 0, ns since 1970 (0 = not known yet)"},
  };
  for (const auto& time : times) {
    g_object_class_install_property(klass, time.id,
                                    g_param_spec_uint64(time.name, time.name, time.blurb, 0,
                                                        G_MAXUINT64, 0, GST_KVS_PARAM_READABLE));
  }
  g_object_class_install_property(
      klass, GST_KVS_ARCHIVE_PROP_STATS,
      g_param_spec_boxed("stats", "Statistics",
                         "What became of each fragment; kept after the end until the next start",
                         GST_TYPE_STRUCTURE, GST_KVS_PARAM_READABLE));
}

}  // namespace

void gst_kvs_archive_settings_install_properties(GObjectClass* klass) {
  gst_kvs_settings_install_properties(klass);
  install_range_properties(klass);
  install_policy_properties(klass);
  install_fetch_properties(klass);
  install_read_only_properties(klass);
  g_object_class_install_property(
      klass, GST_KVS_ARCHIVE_PROP_URI,
      g_param_spec_string("uri", "URI",
                          "Stream and range at once, kvs://region/stream?start=..&end=.., for "
                          "stream-name, aws-region, start-timestamp and others",
                          nullptr, GST_KVS_PARAM_READWRITE));
}

gboolean gst_kvs_archive_settings_set_property(GstKvsArchiveSettings* settings, guint id,
                                               const GValue* value) {
  ArchiveOptions& options = settings->options;
  switch (id) {
    case GST_KVS_ARCHIVE_PROP_TIMELINE:
      options.clock = static_cast<FragmentClock>(g_value_get_enum(value));
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_LEAD_IN:
      options.leadIn = g_value_get_boolean(value) != FALSE;
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_TRIM_END:
      options.trimEnd = g_value_get_boolean(value) != FALSE;
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_DUPLICATES:
      options.duplicates = static_cast<Duplicates>(g_value_get_enum(value));
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_ON_MISSING_FRAGMENT:
      options.onMissingFragment = static_cast<OnMissingFragment>(g_value_get_enum(value));
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_ON_TRACK_CHANGE:
      options.onTrackChange = static_cast<OnTrackChange>(g_value_get_enum(value));
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_MAX_CONNECTIONS:
      options.limits.connections = g_value_get_uint(value);
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_PREFETCH_BYTES:
      options.limits.prefetchBytes = g_value_get_uint64(value);
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_SEEKABLE:
      options.seekable = g_value_get_boolean(value) != FALSE;
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_POST_FRAGMENT_MESSAGES:
      settings->postFragmentMessages = g_value_get_boolean(value) != FALSE;
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_URI: {
      const auto stored =
          gst_kvs_archive_uri_to_settings(gst_kvs_string_from_value(value), settings);
      settings->uriError = stored ? std::nullopt : std::make_optional(stored.error());
      return TRUE;
    }
    default:
      return gst_kvs_range_set_property(&settings->range, GstKvsArchiveSettings().range, id,
                                        value) ||
             gst_kvs_settings_set_property(&settings->connection, id, value);
  }
}

gboolean gst_kvs_archive_settings_get_property(GstKvsArchiveSettings* settings, guint id,
                                               GValue* value) {
  const ArchiveOptions& options = settings->options;
  switch (id) {
    case GST_KVS_ARCHIVE_PROP_TIMELINE:
      g_value_set_enum(value, static_cast<int>(options.clock));
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_LEAD_IN:
      g_value_set_boolean(value, options.leadIn ? TRUE : FALSE);
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_TRIM_END:
      g_value_set_boolean(value, options.trimEnd ? TRUE : FALSE);
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_DUPLICATES:
      g_value_set_enum(value, static_cast<int>(options.duplicates));
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_ON_MISSING_FRAGMENT:
      g_value_set_enum(value, static_cast<int>(options.onMissingFragment));
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_ON_TRACK_CHANGE:
      g_value_set_enum(value, static_cast<int>(options.onTrackChange));
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_MAX_CONNECTIONS:
      g_value_set_uint(value, options.limits.connections);
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_PREFETCH_BYTES:
      g_value_set_uint64(value, options.limits.prefetchBytes);
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_SEEKABLE:
      g_value_set_boolean(value, options.seekable ? TRUE : FALSE);
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_POST_FRAGMENT_MESSAGES:
      g_value_set_boolean(value, settings->postFragmentMessages ? TRUE : FALSE);
      return TRUE;
    case GST_KVS_ARCHIVE_PROP_URI:
      gst_kvs_string_to_value(gst_kvs_archive_uri_from_settings(settings), value);
      return TRUE;
    default:
      return gst_kvs_range_get_property(settings->range, id, value) ||
             gst_kvs_settings_get_property(&settings->connection, id, value);
  }
}

kvsarchive::Result<ArchiveOptions> gst_kvs_archive_settings_resolve(
    const GstKvsArchiveSettings& settings, kvsarchive::UnixTime now) {
  if (settings.uriError) {
    return *settings.uriError;
  }
  const auto selector = gst_kvs_range_resolve(settings.range, now);
  if (!selector) {
    return selector.error();
  }
  ArchiveOptions options = settings.options;
  options.selector = *selector;
  return options;
}
