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
  auto session = std::make_unique<Session>();
  session->connection = std::move(*connection);
  session->options = *options;
  if (session->connection->canOpenAtOnce()) {
    auto reader = session->open(CancelToken());
    if (!reader) {
      return reader.error();
    }
    session->reader = std::move(*reader);
  }
  auto running = running_.lock();
  running->report = Report();
  running->report.start = options->selector.start;
  running->report.end = options->selector.end;
  running->session = std::move(session);
  return {};
}

void GstKvsArchiveRun::stop() {
  const Report last = report();
  std::unique_ptr<Session> session;
  {
    auto running = running_.lock();
    running->report = last;
    session = std::move(running->session);
  }
  session.reset();  // waits for threads, so with no lock held
}

Result<std::unique_ptr<ArchiveReader>> GstKvsArchiveRun::Session::open(const CancelToken& cancel) {
  const auto opened = connection->open(cancel);
  if (!opened) {
    return opened.error();
  }
  return std::make_unique<ArchiveReader>(connection->client(), options);
}

/// Only stop() takes the session away, and it waits for the streaming thread.
Result<ArchiveReader*> GstKvsArchiveRun::reader(const CancelToken& cancel) {
  Session& session = *running_.lock()->session;
  if (!session.reader) {
    auto reader = session.open(cancel);
    if (!reader) {
      return reader.error();
    }
    auto running = running_.lock();  // others read statistics
    session.reader = std::move(*reader);
  }
  return session.reader.get();
}

Status GstKvsArchiveRun::renewKeys(const kvsarchive::kvs::ConnectionSettings& settings) {
  auto running = running_.lock();
  return running->session ? gst_kvs_connection_renew_keys(*running->session->connection, settings)
                          : Status();
}

GstKvsArchiveRun::Report GstKvsArchiveRun::report() {
  auto running = running_.lock();
  Report report = running->report;
  if (running->session && running->session->reader) {
    report.stats = running->session->reader->stats();
    report.origin = running->session->reader->origin().value_or(report.origin);
  }
  return report;
}

GstKvsSeekRange GstKvsArchiveRun::seekRange() {
  GstKvsSeekRange range;
  auto running = running_.lock();
  if (running->session && running->session->reader) {
    range.grid = running->session->reader->seekGrid();
    range.duration = running->session->reader->duration();
  }
  return range;
}
