// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace kvsarchive::archive {

/// How much is fetched ahead.
struct FetchLimits {
  unsigned connections = 4;                     ///< bodies at a time, 1 to 16
  uint64_t prefetchBytes = uint64_t{64} << 20;  ///< received and not handed on
};

}  // namespace kvsarchive::archive
