// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace kvsemulator {

/// One frame as a container with decoding times wants it.
struct MediaSample {
  int64_t decodeNs = 0;  ///< rises from sample to sample
  int64_t timeNs = 0;    ///< presentation; may be before decodeNs
  int64_t durationNs = 0;
  bool key = false;
  std::string_view data;
};

}  // namespace kvsemulator
