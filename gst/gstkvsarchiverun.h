// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "archive/archive_reader.h"
#include "base/cancel_token.h"
#include "base/guarded.h"
#include "base/result.h"
#include "base/unix_time.h"
#include "gstkvsarchiveseek.h"
#include "gstkvsarchivesettings.h"

/// What kvsarchivesrc reads with from start() to stop(), and what is told of that afterwards.
/// start() and stop() while the streaming thread rests, reader() on it, all else on any thread.
class GstKvsArchiveRun {
 public:
  struct Report {
    kvsarchive::UnixTime start{};
    kvsarchive::UnixTime end{};
    kvsarchive::UnixTime origin{};
    kvsarchive::archive::RunStats stats;
  };

  /// Checks the settings and builds what reads. No network: unlock() cannot free the thread that
  /// changes the state. Errors: kSettings.
  kvsarchive::Status start(GstKvsArchiveSettings settings);
  /// Closes connections and joins threads.
  void stop();

  /// The reader, made now if that takes the network. Valid until stop(). Errors: kSettings,
  /// kCancelled.
  kvsarchive::Result<kvsarchive::archive::ArchiveReader*> reader(
      const kvsarchive::CancelToken& cancel);

  /// New keys, if it runs; or why it goes on with the old ones.
  kvsarchive::Status renewKeys(const kvsarchive::kvs::ConnectionSettings& settings);

  /// Of the run, or of the last one.
  Report report();
  GstKvsSeekRange seekRange();

 private:
  struct Connected {
    kvsarchive::archive::ArchiveOptions options;
    std::unique_ptr<kvsarchive::kvs::Connection> connection;
    /// Null until the connection is open. Declared last: goes before its connection.
    std::unique_ptr<kvsarchive::archive::ArchiveReader> reader;

    kvsarchive::Result<std::unique_ptr<kvsarchive::archive::ArchiveReader>> open(
        const kvsarchive::CancelToken& cancel);
  };
  struct Running {
    std::unique_ptr<Connected> connected;  ///< none when stopped
    Report report;
  };

  kvsarchive::Guarded<Running> running_;
};
