// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvscliprun.h"

#include <utility>

#include "base/clock.h"
#include "gstkvsconnection.h"

using kvsarchive::CancelToken;
using kvsarchive::Result;
using kvsarchive::Status;
using kvsarchive::clip::ClipReader;
using kvsarchive::clip::ClipStats;
using kvsarchive::kvs::ArchivedMediaClient;
using kvsarchive::kvs::Connection;

Status GstKvsClipRun::start(GstKvsClipSettings settings, ClipReader::Warn warn) {
  const auto options = gst_kvs_clip_settings_resolve(settings, kvsarchive::systemClock().now());
  if (!options) {
    return options.error();
  }
  auto connection = gst_kvs_connection_make(std::move(settings.connection));
  if (!connection) {
    return connection.error();
  }
  auto connected = std::make_shared<Connected>();
  connected->connection = std::move(*connection);
  Connection& opened = *connected->connection;
  const auto open = [&opened](const CancelToken& cancel) -> Result<ArchivedMediaClient*> {
    const Status done = opened.open(cancel);
    return done ? Result<ArchivedMediaClient*>(&opened.client()) : done.error();
  };
  connected->reader = std::make_unique<ClipReader>(*options, open, std::move(warn));
  auto running = running_.lock();
  running->stats = ClipStats();
  running->connected = std::move(connected);
  return {};
}

void GstKvsClipRun::stop() {
  std::shared_ptr<Connected> connected;
  const ClipStats last = stats();
  {
    auto running = running_.lock();
    running->stats = last;
    connected = std::move(running->connected);
  }
  connected.reset();  // waits for threads, so with no lock held
}

std::shared_ptr<ClipReader> GstKvsClipRun::reader() {
  const std::shared_ptr<Connected> connected = running_.lock()->connected;
  return connected ? std::shared_ptr<ClipReader>(connected, connected->reader.get()) : nullptr;
}

std::optional<uint64_t> GstKvsClipRun::knownSize() {
  auto running = running_.lock();
  return running->connected ? running->connected->reader->knownSize() : std::nullopt;
}

Status GstKvsClipRun::renewKeys(const kvsarchive::kvs::ConnectionSettings& settings) {
  auto running = running_.lock();
  return running->connected
             ? gst_kvs_connection_renew_keys(*running->connected->connection, settings)
             : Status();
}

ClipStats GstKvsClipRun::stats() {
  auto running = running_.lock();
  return running->connected ? running->connected->reader->stats() : running->stats;
}
