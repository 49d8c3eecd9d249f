// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace kvsemulator {

/// One encoded frame, as it becomes the payload of one block.
struct Frame {
  int track = 1;        ///< number of its track
  int64_t timeNs = 0;   ///< presentation time; what zero means depends on the place
  int64_t orderNs = 0;  ///< decoding time on the same clock, by which tracks are interleaved
  bool key = false;
  Bytes data;
};

}  // namespace kvsemulator
