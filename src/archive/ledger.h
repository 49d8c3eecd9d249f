// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace kvsarchive::archive {

/// What became of every fragment listed. After the end of the stream
/// listed = delivered + skipped + superseded; after an error what was not reached is in none.
struct Ledger {
  uint64_t listed = 0;
  uint64_t delivered = 0;
  uint64_t truncated = 0;    ///< first blocks delivered, then the stream failed
  uint64_t missing = 0;        ///< skipped: the service has no media for them
  uint64_t trackChange = 0;    ///< skipped: tracks that the document does not have
  uint64_t superseded = 0;     ///< a newer fragment has the same producer time
  uint64_t frames = 0;         ///< blocks delivered
  uint64_t droppedFrames = 0;  ///< blocks of tracks that the document does not have
  uint64_t receivedBytes = 0;  ///< of media

  uint64_t skipped() const { return missing + trackChange; }
};

}  // namespace kvsarchive::archive
