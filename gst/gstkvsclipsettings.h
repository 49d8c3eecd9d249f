// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <optional>

#include "base/result.h"
#include "clip/clip_options.h"
#include "gstkvsrange.h"
#include "kvs/connection.h"

/// All that is set on a kvsclipsrc. Setters only store; gst_kvs_clip_settings_resolve() checks, so
/// that the order of setting never matters.
struct GstKvsClipSettings {
  kvsarchive::kvs::ConnectionSettings connection;
  GstKvsRangeSettings range{"", "now", kvsarchive::kvs::SelectorType::kProducerTimestamp};
  /// Its selector is resolved from the range when the element starts.
  kvsarchive::clip::ClipOptions options;
  std::optional<kvsarchive::Error> uriError;  ///< why `uri` can't be used; told by resolve()
};

enum GstKvsClipProp {
  GST_KVS_CLIP_PROP_CHECK_COMPLETE = GST_KVS_RANGE_PROP_LAST,
  GST_KVS_CLIP_PROP_LONG_CLIPS,
  GST_KVS_CLIP_PROP_SPOOL_MEMORY,
  GST_KVS_CLIP_PROP_STATS,
  GST_KVS_CLIP_PROP_URI
};

void gst_kvs_clip_settings_install_properties(GObjectClass* klass);

/// Both return FALSE for a property that is not stored here.
gboolean gst_kvs_clip_settings_set_property(GstKvsClipSettings* settings, guint id,
                                            const GValue* value);
gboolean gst_kvs_clip_settings_get_property(GstKvsClipSettings* settings, guint id, GValue* value);

/// Checks the settings that say what to read. Errors: kSettings.
kvsarchive::Result<kvsarchive::clip::ClipOptions> gst_kvs_clip_settings_resolve(
    const GstKvsClipSettings& settings, kvsarchive::UnixTime now);
