// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <cstdint>

#include "clip/clip_windows.h"
#include "clip/spool.h"

namespace kvsarchive::clip {

/// One MP4 file of a run.
struct ClipPart {
  ClipPart(ClipWindow clipWindow, uint64_t memoryLimit)
      : window(std::move(clipWindow)), spool(memoryLimit) {}

  const ClipWindow window;  ///< lists no fragments if they are not known
  Spool spool;
  /// Where the box ends that says what the file holds; not there yet. Before it demuxers know
  /// nothing.
  std::atomic<uint64_t> movieEnd{UINT64_MAX};
};

}  // namespace kvsarchive::clip
