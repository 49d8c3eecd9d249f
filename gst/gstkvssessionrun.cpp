// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvssessionrun.h"

#include <utility>

#include "base/clock.h"
#include "gstkvsconnection.h"

using kvsarchive::CancelToken;
using kvsarchive::Result;
using kvsarchive::Status;
using kvsarchive::kvs::Connection;
using kvsarchive::session::Session;

Status GstKvsSessionRun::start(GstKvsSessionSettings settings) {
  const auto request = gst_kvs_session_settings_resolve(settings, kvsarchive::systemClock().now());
  if (!request) {
    return request.error();
  }
  auto connection = gst_kvs_connection_make(std::move(settings.connection));
  if (!connection) {
    return connection.error();
  }
  auto connected = std::make_unique<Connected>();
  connected->request = *request;
  connected->connection = std::move(*connection);
  auto running = running_.lock();
  running->report = Report();
  running->connected = std::move(connected);
  return {};
}

void GstKvsSessionRun::stop() {
  const Report last = report();
  std::unique_ptr<Connected> connected;
  {
    auto running = running_.lock();
    running->report = last;
    running->url.clear();
    connected = std::move(running->connected);
  }
  opened_ = nullptr;
  connected.reset();  // waits for threads, so with no lock held
}

/// Made when the connection is open. Only stop() takes it away, and it waits for the streaming
/// thread.
Result<Session*> GstKvsSessionRun::session(const CancelToken& cancel) {
  Connected& connected = *running_.lock()->connected;
  if (!connected.session) {
    Connection& connection = *connected.connection;
    const auto opened = connection.open(cancel);
    if (!opened) {
      return opened.error();
    }
    auto session = std::make_unique<Session>(connection.client(), connection.transport(),
                                             kvsarchive::systemClock(), connected.request);
    auto running = running_.lock();  // others read statistics
    connected.session = std::move(session);
  }
  return connected.session.get();
}

Result<std::string> GstKvsSessionRun::open(const CancelToken& cancel) {
  const auto found = session(cancel);
  if (!found) {
    return found.error();
  }
  Session& session = **found;
  auto manifest = session.open(cancel);
  if (manifest) {
    opened_ = &session;
    auto running = running_.lock();
    running->url = session.url().text();
    running->report.manifestBytes = manifest->size();
    running->report.expiresAt = session.life().end();
  }
  return manifest;
}

std::optional<kvsarchive::kvs::SessionProtocol> GstKvsSessionRun::protocol() {
  auto running = running_.lock();
  return running->connected ? std::make_optional(running->connected->request.protocol)
                            : std::nullopt;
}

Status GstKvsSessionRun::renewKeys(const kvsarchive::kvs::ConnectionSettings& settings) {
  auto running = running_.lock();
  return running->connected
             ? gst_kvs_connection_renew_keys(*running->connected->connection, settings)
             : Status();
}

GstKvsSessionRun::Report GstKvsSessionRun::report() {
  auto running = running_.lock();
  Report report = running->report;
  if (running->connected && running->connected->session) {
    report.retries = running->connected->connection->client().retries();
  }
  return report;
}
