// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include "aws/credentials.h"
#include "aws/iot_provider.h"
#include "base/result.h"

/// Reads the property credentials: the strings access-key, secret-key and, for temporary keys,
/// session-token. NULL: no keys. Errors: kSettings, naming the field; never a value.
kvsarchive::Result<kvsarchive::aws::Credentials> gst_kvs_credentials_from_structure(
    const GstStructure* structure);

/// Reads the property iot-certificate as kvssink takes it: the strings endpoint, cert-path,
/// key-path, ca-path, role-aliases, and optionally iot-thing-name (the stream's name if it is not
/// there), connection-timeout and completion-timeout in seconds. Errors: kSettings.
kvsarchive::Result<kvsarchive::aws::IotSettings> gst_kvs_iot_settings_from_structure(
    const GstStructure* structure);
