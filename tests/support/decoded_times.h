// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "support/player.h"
#include "support/stored_times.h"

namespace kvsarchive::test {

/// How far off, at the most, in ns.
struct Deviation {
  int64_t wall = 0;  ///< the reference timestamp from the frame's true time
  int64_t pts = 0;   ///< the presentation time from true time less origin
  size_t frames = 0;

  void note(int64_t wallError, int64_t ptsError);
};

/// Checks what came out of decoders in a segment that starts at `startMs`: of every track every
/// stored frame from there on once, each with its own time.
void expectDecoded(const StoredTimes& stored, const Played& played, int64_t startMs,
                   Deviation* deviation);

}  // namespace kvsarchive::test
