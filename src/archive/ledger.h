// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace kvsarchive::archive {

/// What became of every fragment listed. After the end of the stream
/// listed = delivered + truncated + skipped + superseded; after an error what was not reached is in
/// none.
struct Ledger {
  uint64_t listed = 0;
  uint64_t delivered = 0;
  uint64_t truncated = 0;      ///< first blocks delivered, the rest was not to be had
  uint64_t missing = 0;        ///< skipped: the service has no media for them
  uint64_t unreadable = 0;     ///< skipped: their media can't be parsed
  uint64_t trackChange = 0;    ///< skipped: tracks that the document does not have
  uint64_t superseded = 0;     ///< a newer fragment has the same producer time
  uint64_t frames = 0;         ///< blocks delivered
  uint64_t droppedFrames = 0;  ///< blocks of tracks that the document does not have
  uint64_t trimmedFrames = 0;  ///< blocks outside of the range
  uint64_t receivedBytes = 0;  ///< of media, what was received twice included

  uint64_t skipped() const { return missing + unreadable + trackChange; }
};

}  // namespace kvsarchive::archive
