// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsarchiveuri.h"

#include "gstkvsuri.h"

using kvsarchive::Status;

namespace {

using UriSettings =
    GstKvsUriSettingsOf<GstKvsArchiveSettings, gst_kvs_archive_settings_get_property,
                        gst_kvs_archive_settings_set_property>;

const GstKvsUriForm kForm{
    "kvs",
    "start=now-1h",
    {
        {"start", GST_KVS_RANGE_PROP_START_TIMESTAMP, "gchararray"},
        {"end", GST_KVS_RANGE_PROP_END_TIMESTAMP, "gchararray"},
        {"selector", GST_KVS_RANGE_PROP_FRAGMENT_SELECTOR_TYPE, GST_KVS_SELECTOR_TYPE_NAME},
        {"timeline", GST_KVS_ARCHIVE_PROP_TIMELINE, "GstKvsArchiveTimeline"},
        {"lead-in", GST_KVS_ARCHIVE_PROP_LEAD_IN, "gboolean"},
        {"trim-end", GST_KVS_ARCHIVE_PROP_TRIM_END, "gboolean"},
    }};

Status check(const std::string& uri) {
  GstKvsArchiveSettings scratch;
  return gst_kvs_archive_uri_to_settings(uri, &scratch);
}

const gchar* const kProtocols[] = {"kvs", nullptr};

}  // namespace

const GstKvsUriProtocols gst_kvs_archive_uri_protocols = {kProtocols, check};

Status gst_kvs_archive_uri_to_settings(const std::string& uri, GstKvsArchiveSettings* settings) {
  return UriSettings::fromUri(kForm, uri, settings);
}

std::string gst_kvs_archive_uri_from_settings(GstKvsArchiveSettings* settings) {
  return UriSettings::toUri(kForm, settings);
}
