// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

#include "media/track.h"

namespace kvsemulator {

/// One block of a chunk as the manifest lists it.
struct FrameInfo {
  int track = 0;
  TrackType type = TrackType::kVideo;
  int64_t offsetNs = 0;  ///< from the fragment's producer timestamp, as the block says it
  bool key = false;
  uint64_t size = 0;
  std::string sha256;
};

}  // namespace kvsemulator
