// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "matroska/chunk_source.h"

namespace kvsemulator {

/// A fragment whose media is known, but not its number.
struct MediaFragment {
  ChunkSource source;
  int64_t lengthMs = 0;
  bool newSession = false;
  bool discont = false;
};

/// Brings the blocks of all tracks into the order in which they are to be
/// written.
void interleave(std::vector<Frame>& frames);

}  // namespace kvsemulator
