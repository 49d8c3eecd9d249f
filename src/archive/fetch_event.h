// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "kvs/fragment.h"
#include "matroska/chunk.h"

namespace kvsarchive::archive {

/// A fragment begins. Enough of it is there to know its tags and its earliest block.
struct FragmentBegin {
  kvs::Fragment fragment;
  matroska::ChunkHeader header;
  int64_t earliestTicks = 0;  ///< 0 if it has no blocks
  uint64_t trimmed = 0;       ///< blocks left out because they are outside of the range
  bool isEmpty = false;       ///< it is complete and has no blocks
};

/// The next blocks of the fragment, as many as are there and worth one event. At least one.
using FragmentBlocks = std::vector<matroska::ChunkBlock>;

/// No more blocks of the fragment follow.
struct FragmentEnd {
  std::string cutShort;   ///< why the rest of it is not to be had; empty if it is complete
  std::string wrongSize;  ///< it is complete, but of another size than listed: in words
};

/// All blocks of a fragment lie outside of the range, or it is not to be had and does not reach
/// into the range by its listed length: as if it were not listed.
struct FragmentOutside {};

/// Nothing of this fragment is to be had, although the service was asked repeatedly.
struct FragmentSkipped {
  kvs::Fragment fragment;
  bool unreadable = false;  ///< the service has media that can't be parsed; else it has none
  std::string reason;
};

/// Nothing of the batch is left.
struct BatchEnd {};

using FetchEvent = std::variant<FragmentBegin, FragmentBlocks, FragmentEnd, FragmentOutside,
                                FragmentSkipped, BatchEnd>;

}  // namespace kvsarchive::archive
