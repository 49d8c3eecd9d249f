// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "base/result.h"
#include "kvs/connection.h"

/// The connection of an element's run, in the plugin's name unless `user-agent` is set. No network.
/// Errors: kSettings.
kvsarchive::Result<std::unique_ptr<kvsarchive::kvs::Connection>> gst_kvs_connection_make(
    kvsarchive::kvs::ConnectionSettings settings);

/// Gives the keys that are set to what runs; or why it goes on with the old ones.
kvsarchive::Status gst_kvs_connection_renew_keys(
    kvsarchive::kvs::Connection& connection, const kvsarchive::kvs::ConnectionSettings& settings);
