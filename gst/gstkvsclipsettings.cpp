// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsclipsettings.h"

#include "gstkvsclipuri.h"
#include "gstkvsproperty.h"
#include "gstkvssettings.h"

using kvsarchive::clip::ClipOptions;
using kvsarchive::clip::LongClips;

namespace {

constexpr guint64 kLeastSpoolMemory = 0;
constexpr guint64 kMostSpoolMemory = G_GUINT64_CONSTANT(1) << 40;

const GEnumValue kLongClips[] = {
    {static_cast<int>(LongClips::kTruncate), "Warn, and end where the service ends", "truncate"},
    {static_cast<int>(LongClips::kError), "Stop with an error", "error"},
    {static_cast<int>(LongClips::kSplit), "Several MP4 files, one after the other", "split"},
    {0, nullptr, nullptr}};

}  // namespace

void gst_kvs_clip_settings_install_properties(GObjectClass* klass) {
  const ClipOptions defaults;
  gst_kvs_settings_install_properties(klass);
  gst_kvs_range_install_properties(
      klass, GstKvsClipSettings().range,
      "RFC 3339 time with zone, seconds since 1970, now, or now less a time such as now-90m or "
      "now-1d; the clip begins with the first fragment that starts then or later",
      "A time written like start-timestamp, after it and at most 24 hours later; the clip ends "
      "with the last fragment that starts then or earlier");
  gst_kvs_install_boolean(klass, GST_KVS_CLIP_PROP_CHECK_COMPLETE,
                          {"check-complete", "Check complete",
                           "Compare the clip with the list of fragments, to tell whether the "
                           "service has cut it; needs the permission for ListFragments"},
                          defaults.checkComplete);
  gst_kvs_install_enum(klass, GST_KVS_CLIP_PROP_LONG_CLIPS,
                       {"long-clips", "Long clips",
                        "What to do when the range has more than the 200 fragments or 100 MB of "
                        "which the service makes a clip"},
                       "GstKvsClipLongClips", kLongClips, static_cast<int>(defaults.longClips));
  g_object_class_install_property(
      klass, GST_KVS_CLIP_PROP_SPOOL_MEMORY,
      g_param_spec_uint64("spool-memory", "Spool memory",
                          "How many bytes of the clip to keep in memory at most; the rest goes to "
                          "a temporary file",
                          kLeastSpoolMemory, kMostSpoolMemory, defaults.spoolMemory,
                          GST_KVS_PARAM_READWRITE));
  g_object_class_install_property(
      klass, GST_KVS_CLIP_PROP_STATS,
      g_param_spec_boxed("stats", "Statistics",
                         "What was received, and whether it is complete; kept after the end until "
                         "the next start",
                         GST_TYPE_STRUCTURE, GST_KVS_PARAM_READABLE));
  gst_kvs_install_string(klass, GST_KVS_CLIP_PROP_URI,
                         {"uri", "URI",
                          "Stream and range at once, kvsclip://region/stream?start=..&end=.., for "
                          "stream-name, aws-region, start-timestamp and others"},
                         nullptr);
}

gboolean gst_kvs_clip_settings_set_property(GstKvsClipSettings* settings, guint id,
                                            const GValue* value) {
  ClipOptions& options = settings->options;
  switch (id) {
    case GST_KVS_CLIP_PROP_CHECK_COMPLETE:
      options.checkComplete = g_value_get_boolean(value) != FALSE;
      return TRUE;
    case GST_KVS_CLIP_PROP_LONG_CLIPS:
      options.longClips = static_cast<LongClips>(g_value_get_enum(value));
      return TRUE;
    case GST_KVS_CLIP_PROP_SPOOL_MEMORY:
      options.spoolMemory = g_value_get_uint64(value);
      return TRUE;
    case GST_KVS_CLIP_PROP_URI: {
      const auto stored = gst_kvs_clip_uri_to_settings(gst_kvs_string_from_value(value), settings);
      settings->uriError = stored ? std::nullopt : std::make_optional(stored.error());
      return TRUE;
    }
    default:
      return gst_kvs_range_set_property(&settings->range, GstKvsClipSettings().range, id, value) ||
             gst_kvs_settings_set_property(&settings->connection, id, value);
  }
}

gboolean gst_kvs_clip_settings_get_property(GstKvsClipSettings* settings, guint id, GValue* value) {
  const ClipOptions& options = settings->options;
  switch (id) {
    case GST_KVS_CLIP_PROP_CHECK_COMPLETE:
      g_value_set_boolean(value, options.checkComplete ? TRUE : FALSE);
      return TRUE;
    case GST_KVS_CLIP_PROP_LONG_CLIPS:
      g_value_set_enum(value, static_cast<int>(options.longClips));
      return TRUE;
    case GST_KVS_CLIP_PROP_SPOOL_MEMORY:
      g_value_set_uint64(value, options.spoolMemory);
      return TRUE;
    case GST_KVS_CLIP_PROP_URI:
      gst_kvs_string_to_value(gst_kvs_clip_uri_from_settings(settings), value);
      return TRUE;
    default:
      return gst_kvs_range_get_property(settings->range, id, value) ||
             gst_kvs_settings_get_property(&settings->connection, id, value);
  }
}

kvsarchive::Result<ClipOptions> gst_kvs_clip_settings_resolve(const GstKvsClipSettings& settings,
                                                              kvsarchive::UnixTime now) {
  if (settings.uriError) {
    return *settings.uriError;
  }
  const auto selector = gst_kvs_range_resolve(settings.range, now);
  if (!selector) {
    return selector.error();
  }
  ClipOptions options = settings.options;
  options.selector = *selector;
  const auto checked = kvsarchive::clip::checkClipOptions(options, now);
  if (!checked) {
    return checked.error();
  }
  return options;
}
