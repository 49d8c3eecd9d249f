// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsarchiverun.h"

#include <utility>

#include "base/clock.h"
#include "gstkvsconnection.h"

using kvsarchive::CancelToken;
using kvsarchive::Result;
using kvsarchive::Status;
using kvsarchive::archive::ArchiveReader;
using kvsarchive::kvs::Connection;

Status GstKvsArchiveRun::start(GstKvsArchiveSettings settings) {
  const auto options = gst_kvs_archive_settings_resolve(settings, kvsarchive::systemClock().now());
  if (!options) {
    return options.error();
  }
  settings.connection.maxConnections = options->limits.connections;
  auto connection = gst_kvs_connection_make(std::move(settings.connection));
  if (!connection) {
    return connection.error();
  }
  auto connected = std::make_unique<Connected>();
  connected->connection = std::move(*connection);
  connected->options = *options;
  if (connected->connection->canOpenAtOnce()) {
    auto reader = connected->open(CancelToken());
    if (!reader) {
      return reader.error();
    }
    connected->reader = std::move(*reader);
  }
  auto running = running_.lock();
  running->report = Report();
  running->report.start = options->selector.start;
  running->report.end = options->selector.end;
  running->connected = std::move(connected);
  return {};
}

void GstKvsArchiveRun::stop() {
  const Report last = report();
  std::unique_ptr<Connected> connected;
  {
    auto running = running_.lock();
    running->report = last;
    connected = std::move(running->connected);
  }
  connected.reset();  // waits for threads, so with no lock held
}

Result<std::unique_ptr<ArchiveReader>> GstKvsArchiveRun::Connected::open(
    const CancelToken& cancel) {
  const auto opened = connection->open(cancel);
  if (!opened) {
    return opened.error();
  }
  return std::make_unique<ArchiveReader>(connection->client(), options);
}

/// Only stop() takes it away, and it waits for the streaming thread.
Result<ArchiveReader*> GstKvsArchiveRun::reader(const CancelToken& cancel) {
  Connected& connected = *running_.lock()->connected;
  if (!connected.reader) {
    auto reader = connected.open(cancel);
    if (!reader) {
      return reader.error();
    }
    auto running = running_.lock();  // others read statistics
    connected.reader = std::move(*reader);
  }
  return connected.reader.get();
}

Status GstKvsArchiveRun::renewKeys(const kvsarchive::kvs::ConnectionSettings& settings) {
  auto running = running_.lock();
  return running->connected
             ? gst_kvs_connection_renew_keys(*running->connected->connection, settings)
             : Status();
}

GstKvsArchiveRun::Report GstKvsArchiveRun::report() {
  auto running = running_.lock();
  Report report = running->report;
  if (running->connected && running->connected->reader) {
    report.stats = running->connected->reader->stats();
    report.origin = running->connected->reader->origin().value_or(report.origin);
  }
  return report;
}

GstKvsSeekRange GstKvsArchiveRun::seekRange() {
  GstKvsSeekRange range;
  auto running = running_.lock();
  if (running->connected && running->connected->reader) {
    range.grid = running->connected->reader->seekGrid();
    range.duration = running->connected->reader->duration();
  }
  return range;
}
