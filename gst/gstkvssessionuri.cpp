// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvssessionuri.h"

#include <vector>

#include "gstkvsuri.h"

using kvsarchive::Status;
using kvsarchive::kvs::SessionProtocol;

namespace {

using UriSettings =
    GstKvsUriSettingsOf<GstKvsSessionSettings, gst_kvs_session_settings_get_property,
                        gst_kvs_session_settings_set_property>;

constexpr const char* kExample = "playback-mode=on-demand&start=now-1h&end=now";

/// All that the operations of either protocol take; what one does not know is told at the start.
const std::vector<GstKvsUriKey> kKeys = {
    {"playback-mode", GST_KVS_SESSION_PROP_PLAYBACK_MODE, "GstKvsSessionPlaybackMode"},
    {"start", GST_KVS_RANGE_PROP_START_TIMESTAMP, "gchararray"},
    {"end", GST_KVS_RANGE_PROP_END_TIMESTAMP, "gchararray"},
    {"selector", GST_KVS_RANGE_PROP_FRAGMENT_SELECTOR_TYPE, GST_KVS_SELECTOR_TYPE_NAME},
    {"container-format", GST_KVS_SESSION_PROP_CONTAINER_FORMAT, "GstKvsSessionContainerFormat"},
    {"discontinuity-mode", GST_KVS_SESSION_PROP_DISCONTINUITY_MODE,
     "GstKvsSessionDiscontinuityMode"},
    {"display-fragment-timestamp", GST_KVS_SESSION_PROP_DISPLAY_FRAGMENT_TIMESTAMP,
     "GstKvsSessionDisplayMode"},
    {"display-fragment-number", GST_KVS_SESSION_PROP_DISPLAY_FRAGMENT_NUMBER,
     "GstKvsSessionDisplayMode"},
    {"expires", GST_KVS_SESSION_PROP_EXPIRES, "guint", kvsarchive::session::kMaxExpires},
    {"max-fragments", GST_KVS_SESSION_PROP_MAX_FRAGMENTS, "guint",
     kvsarchive::session::kMostFragments},
};

const GstKvsUriForm kHlsForm{"kvshls", kExample, kKeys};
const GstKvsUriForm kDashForm{"kvsdash", kExample, kKeys};

Status check(const std::string& uri) {
  GstKvsSessionSettings scratch;
  return gst_kvs_session_uri_to_settings(uri, &scratch);
}

const gchar* const kProtocols[] = {"kvshls", "kvsdash", nullptr};

}  // namespace

const GstKvsUriProtocols gst_kvs_session_uri_protocols = {kProtocols, check};

Status gst_kvs_session_uri_to_settings(const std::string& uri, GstKvsSessionSettings* settings) {
  const bool isDash = g_ascii_strncasecmp(uri.c_str(), "kvsdash:", 8) == 0;
  const Status read = UriSettings::fromUri(isDash ? kDashForm : kHlsForm, uri, settings);
  if (read) {
    settings->options.protocol = isDash ? SessionProtocol::kDash : SessionProtocol::kHls;
  }
  return read;
}

std::string gst_kvs_session_uri_from_settings(GstKvsSessionSettings* settings) {
  const bool isDash = settings->options.protocol == SessionProtocol::kDash;
  return UriSettings::toUri(isDash ? kDashForm : kHlsForm, settings);
}
