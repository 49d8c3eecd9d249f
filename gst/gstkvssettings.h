// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include "kvs/connection.h"

/// Properties that all elements of the plugin share: which stream, and how to reach it. Each
/// element installs them first and numbers its own from GST_KVS_PROP_LAST on.
enum GstKvsProp {
  GST_KVS_PROP_STREAM_NAME = 1,
  GST_KVS_PROP_STREAM_ARN,
  GST_KVS_PROP_AWS_REGION,
  GST_KVS_PROP_ENDPOINT_URL,
  GST_KVS_PROP_USER_AGENT,
  GST_KVS_PROP_ACCESS_KEY,
  GST_KVS_PROP_SECRET_KEY,
  GST_KVS_PROP_SESSION_TOKEN,
  GST_KVS_PROP_CREDENTIALS,
  GST_KVS_PROP_PROFILE,
  GST_KVS_PROP_CREDENTIAL_PATH,
  GST_KVS_PROP_IOT_CERTIFICATE,
  GST_KVS_PROP_CONNECTION_TIMEOUT,
  GST_KVS_PROP_TIMEOUT,
  GST_KVS_PROP_SSL_CA_FILE,
  GST_KVS_PROP_PROXY,
  GST_KVS_PROP_PROXY_ID,
  GST_KVS_PROP_PROXY_PW,
  GST_KVS_PROP_RETRIES,
  GST_KVS_PROP_RETRY_BACKOFF_FACTOR,
  GST_KVS_PROP_RETRY_BACKOFF_MAX,
  GST_KVS_PROP_LAST
};

void gst_kvs_settings_install_properties(GObjectClass* klass);

/// Both return FALSE for a property that is not one of the shared ones.
gboolean gst_kvs_settings_set_property(kvsarchive::kvs::ConnectionSettings* settings, guint id,
                                       const GValue* value);
gboolean gst_kvs_settings_get_property(kvsarchive::kvs::ConnectionSettings* settings, guint id,
                                       GValue* value);
