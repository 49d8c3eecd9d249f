// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "media/frame.h"
#include "media/tag.h"
#include "media/track.h"

namespace kvsemulator {

/// What the chunk of one fragment is written from.
struct ChunkSource {
  std::string number;
  int64_t producerMs = 0;
  int64_t serverMs = 0;
  int64_t timecodeMs = 0;  ///< Cluster Timecode as the producer sent it
  std::vector<Track> tracks;
  std::vector<Frame> frames;  ///< in the order of their blocks; timeNs counts from producerMs
  std::vector<Tag> tagsBeforeInfo;
  std::vector<Tag> tagsAfterCluster;
};

}  // namespace kvsemulator
