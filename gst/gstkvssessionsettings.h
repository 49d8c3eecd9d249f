// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <optional>

#include "base/result.h"
#include "gstkvsrange.h"
#include "kvs/connection.h"
#include "session/session_options.h"

/// All that is set on a kvssessionsrc. Setters only store; gst_kvs_session_settings_resolve()
/// checks, so that the order of setting never matters.
struct GstKvsSessionSettings {
  kvsarchive::kvs::ConnectionSettings connection;
  GstKvsRangeSettings range{"", "", kvsarchive::kvs::SelectorType::kServerTimestamp};
  /// Its range is resolved from the one above when the element starts.
  kvsarchive::session::SessionOptions options;
  std::optional<kvsarchive::Error> uriError;  ///< why `uri` can't be used; told by resolve()
};

enum GstKvsSessionProp {
  GST_KVS_SESSION_PROP_PROTOCOL = GST_KVS_RANGE_PROP_LAST,
  GST_KVS_SESSION_PROP_PLAYBACK_MODE,
  GST_KVS_SESSION_PROP_CONTAINER_FORMAT,
  GST_KVS_SESSION_PROP_DISCONTINUITY_MODE,
  GST_KVS_SESSION_PROP_DISPLAY_FRAGMENT_TIMESTAMP,
  GST_KVS_SESSION_PROP_DISPLAY_FRAGMENT_NUMBER,
  GST_KVS_SESSION_PROP_EXPIRES,
  GST_KVS_SESSION_PROP_MAX_FRAGMENTS,
  GST_KVS_SESSION_PROP_STATS,
  GST_KVS_SESSION_PROP_URI
};

void gst_kvs_session_settings_install_properties(GObjectClass* klass);

/// Both return FALSE for a property that is not stored here.
gboolean gst_kvs_session_settings_set_property(GstKvsSessionSettings* settings, guint id,
                                               const GValue* value);
gboolean gst_kvs_session_settings_get_property(GstKvsSessionSettings* settings, guint id,
                                               GValue* value);

/// Checks what to ask for. Errors: kSettings.
kvsarchive::Result<kvsarchive::kvs::SessionRequest> gst_kvs_session_settings_resolve(
    const GstKvsSessionSettings& settings, kvsarchive::UnixTime now);
