// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "matroska/block.h"
#include "matroska/tags.h"
#include "matroska/tracks.h"

namespace kvsarchive::matroska {

/// What stands before the first block of a chunk, the Matroska document of one fragment.
struct ChunkHeader {
  ChunkTags tags;  ///< all read so far; the producer's own may also follow the media
  std::vector<Track> tracks;
  uint64_t timecodeScale = 1'000'000;  ///< ns per unit of block times
};

/// One block of the chunk last begun.
struct ChunkBlock {
  Block block;
  /// Time since the Timecode of the chunk's FIRST cluster, in units of the chunk's TimecodeScale.
  int64_t ticks = 0;
};

/// The chunk is complete: another one, or the end of the input, follows.
struct ChunkEnd {
  ChunkTags tags;         ///< all tags of the chunk
  bool hasMedia = false;  ///< false for an in-band error, which is a chunk without a cluster
  uint64_t bytes = 0;     ///< of the chunk in the input, from its EBML header to its end
};

using ChunkEvent = std::variant<ChunkHeader, ChunkBlock, ChunkEnd>;

}  // namespace kvsarchive::matroska
