// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace kvsemulator {

/// Offsets into a chunk at which a reader may be caught in the middle of
/// something.
struct ChunkPlaces {
  size_t midHeader = 0;  ///< middle of Tracks; without Tracks, of the EBML header
  size_t midBlock = 0;   ///< middle of the middle block
  size_t blockEdge = 0;  ///< end of the block before the middle one
};

/// `chunk`: one chunk, complete or damaged. What is not there is replaced by the
/// middle of the chunk.
ChunkPlaces findPlaces(std::string_view chunk);

}  // namespace kvsemulator
