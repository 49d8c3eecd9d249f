// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/guarded.h"
#include "base/result.h"
#include "clip/clip_reader.h"
#include "gstkvsclipsettings.h"

/// What kvsclipsrc reads with from start() to stop(), and what is told of that afterwards. start()
/// and stop() while nothing streams, all else on any thread.
class GstKvsClipRun {
 public:
  /// Checks the settings and builds what reads; no network. `warn` is called on a thread of the
  /// reader's. Errors: kSettings.
  kvsarchive::Status start(GstKvsClipSettings settings, kvsarchive::clip::ClipReader::Warn warn);
  /// Closes connections and joins threads, once nobody has the reader any more.
  void stop();

  /// Null when stopped.
  std::shared_ptr<kvsarchive::clip::ClipReader> reader();

  /// Of the file, if it runs and that is known.
  std::optional<uint64_t> knownSize();

  /// New keys, if it runs; or why it goes on with the old ones.
  kvsarchive::Status renewKeys(const kvsarchive::kvs::ConnectionSettings& settings);

  /// Of the run, or of the last one.
  kvsarchive::clip::ClipStats stats();

 private:
  struct Connected {
    std::unique_ptr<kvsarchive::kvs::Connection> connection;
    /// Declared last: goes before its connection.
    std::unique_ptr<kvsarchive::clip::ClipReader> reader;
  };
  struct Running {
    std::shared_ptr<Connected> connected;  ///< none when stopped
    kvsarchive::clip::ClipStats stats;
  };

  kvsarchive::Guarded<Running> running_;
};
