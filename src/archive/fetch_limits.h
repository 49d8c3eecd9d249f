// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace kvsarchive::archive {

/// A failure of what was asked for ahead, seen when its turn comes: it may be over by then.
constexpr std::chrono::seconds kOldFailure{10};

/// How much is fetched ahead.
struct FetchLimits {
  unsigned connections = 4;                     ///< bodies at a time, 1 to 16
  uint64_t prefetchBytes = uint64_t{64} << 20;  ///< received and not handed on
};

}  // namespace kvsarchive::archive
