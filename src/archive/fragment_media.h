// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "kvs/fragment.h"
#include "matroska/chunk.h"

namespace kvsarchive::archive {

/// One fragment that was asked for, and what has come of it so far.
struct FragmentMedia {
  kvs::Fragment fragment;
  std::optional<matroska::ChunkHeader> header;
  std::deque<matroska::ChunkBlock> blocks;  ///< not handed on yet
  size_t heldBytes = 0;                     ///< what keeping `blocks` costs
  int64_t earliestTicks = 0;                ///< of all blocks so far
  bool hasBlocks = false;                   ///< any so far
  bool begun = false;                       ///< its beginning was handed on
  bool complete = false;
  bool lost = false;    ///< asked for in vain often enough
  std::string missing;  ///< why the service has no media for it; empty if it has
};

}  // namespace kvsarchive::archive
