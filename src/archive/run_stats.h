// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "archive/ledger.h"
#include "base/unix_time.h"
#include "kvs/retry_counts.h"
#include "kvs/stream_pace.h"

namespace kvsarchive::archive {

/// One body that is being received.
struct ConnectionStats {
  std::string firstFragment;   ///< of its batch
  uint64_t receivedBytes = 0;  ///< of the batch
  uint64_t listedBytes = 0;
  uint64_t bytesPerSecond = 0;  ///< since the body was asked for
};

/// How a run gets on. All but the ledger is as of the last tenth of a second.
struct RunStats {
  Ledger ledger;
  uint64_t heldBytes = 0;       ///< received and not handed on
  uint64_t bytesPerSecond = 0;  ///< received in the last second
  std::vector<ConnectionStats> connections;
  kvs::StreamPace::State pace;
  kvs::RetryCounts retries;
  std::optional<UnixTime> listedUntil;  ///< all before is listed
  bool listComplete = false;
  std::optional<UnixTime> position;  ///< wall clock of the newest block handed on
  /// Until all is received, if it goes on as so far; none before that can be told.
  std::optional<std::chrono::milliseconds> remaining;
};

}  // namespace kvsarchive::archive
