// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsconnection.h"

#include <utility>

#include "base/clock.h"
#include "config.h"

using kvsarchive::Status;
using kvsarchive::kvs::Connection;
using kvsarchive::kvs::ConnectionSettings;

kvsarchive::Result<std::unique_ptr<Connection>> gst_kvs_connection_make(
    ConnectionSettings settings) {
  if (settings.network.userAgent.empty()) {
    settings.network.userAgent = PACKAGE "/" VERSION;
  }
  return Connection::make(std::move(settings), kvsarchive::systemClock());
}

Status gst_kvs_connection_renew_keys(Connection& connection, const ConnectionSettings& settings) {
  if (settings.keysError) {
    return *settings.keysError;
  }
  connection.setKeys(settings.keys);
  return {};
}
