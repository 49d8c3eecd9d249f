// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <optional>
#include <string>

#include "archive/archive_options.h"
#include "base/result.h"
#include "gstkvsrange.h"
#include "kvs/connection.h"

/// All that is set on a kvsarchivesrc. Setters only store; gst_kvs_archive_settings_resolve()
/// checks, so that the order of setting never matters.
struct GstKvsArchiveSettings {
  kvsarchive::kvs::ConnectionSettings connection;
  GstKvsRangeSettings range{"", "now", kvsarchive::kvs::SelectorType::kProducerTimestamp};
  /// Its selector is resolved from the range when the element starts.
  kvsarchive::archive::ArchiveOptions options;
  bool postFragmentMessages = false;
  std::optional<kvsarchive::Error> uriError;  ///< why `uri` can't be used; told by resolve()
};

enum GstKvsArchiveProp {
  GST_KVS_ARCHIVE_PROP_TIMELINE = GST_KVS_RANGE_PROP_LAST,
  GST_KVS_ARCHIVE_PROP_LEAD_IN,
  GST_KVS_ARCHIVE_PROP_TRIM_END,
  GST_KVS_ARCHIVE_PROP_DUPLICATES,
  GST_KVS_ARCHIVE_PROP_ON_MISSING_FRAGMENT,
  GST_KVS_ARCHIVE_PROP_ON_TRACK_CHANGE,
  GST_KVS_ARCHIVE_PROP_MAX_CONNECTIONS,
  GST_KVS_ARCHIVE_PROP_PREFETCH_BYTES,
  GST_KVS_ARCHIVE_PROP_SEEKABLE,
  GST_KVS_ARCHIVE_PROP_POST_FRAGMENT_MESSAGES,
  GST_KVS_ARCHIVE_PROP_START_TIME_NS,
  GST_KVS_ARCHIVE_PROP_END_TIME_NS,
  GST_KVS_ARCHIVE_PROP_ORIGIN_TIMESTAMP,
  GST_KVS_ARCHIVE_PROP_STATS,
  GST_KVS_ARCHIVE_PROP_URI
};

void gst_kvs_archive_settings_install_properties(GObjectClass* klass);

/// Both return FALSE for a property that is not stored here.
gboolean gst_kvs_archive_settings_set_property(GstKvsArchiveSettings* settings, guint id,
                                               const GValue* value);
gboolean gst_kvs_archive_settings_get_property(GstKvsArchiveSettings* settings, guint id,
                                               GValue* value);

/// Checks the settings that say what to read. Errors: kSettings.
kvsarchive::Result<kvsarchive::archive::ArchiveOptions> gst_kvs_archive_settings_resolve(
    const GstKvsArchiveSettings& settings, kvsarchive::UnixTime now);
