// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace kvsemulator {

/// A large recording for benchmarks: its frames are filler that no decoder
/// takes.
struct BulkOptions {
  int fragments = 100;
  double fragmentSeconds = 2;
  int64_t fragmentBytes = 4 << 20;
  int64_t frameBytes = 8192;
  bool zeroPayload = false;  ///< else pseudo-random
  bool unique = false;       ///< no two frames are equal; costs a copy of each chunk
  int64_t startMs = 0;
  int64_t serverOffsetMs = 0;
};

}  // namespace kvsemulator
