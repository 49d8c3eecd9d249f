// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsclipuri.h"

#include "gstkvsuri.h"

using kvsarchive::Status;

namespace {

using UriSettings = GstKvsUriSettingsOf<GstKvsClipSettings, gst_kvs_clip_settings_get_property,
                                        gst_kvs_clip_settings_set_property>;

const GstKvsUriForm kForm{
    "kvsclip",
    "start=now-1h&end=now-59m",
    {
        {"start", GST_KVS_RANGE_PROP_START_TIMESTAMP, "gchararray"},
        {"end", GST_KVS_RANGE_PROP_END_TIMESTAMP, "gchararray"},
        {"selector", GST_KVS_RANGE_PROP_FRAGMENT_SELECTOR_TYPE, GST_KVS_SELECTOR_TYPE_NAME},
    }};

Status check(const std::string& uri) {
  GstKvsClipSettings scratch;
  return gst_kvs_clip_uri_to_settings(uri, &scratch);
}

const gchar* const kProtocols[] = {"kvsclip", nullptr};

}  // namespace

const GstKvsUriProtocols gst_kvs_clip_uri_protocols = {kProtocols, check};

Status gst_kvs_clip_uri_to_settings(const std::string& uri, GstKvsClipSettings* settings) {
  return UriSettings::fromUri(kForm, uri, settings);
}

std::string gst_kvs_clip_uri_from_settings(GstKvsClipSettings* settings) {
  return UriSettings::toUri(kForm, settings);
}
