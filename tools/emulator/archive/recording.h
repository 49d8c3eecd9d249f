// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <vector>

#include "archive/fragment_info.h"
#include "base/bytes.h"
#include "matroska/frame_info.h"
#include "media/track.h"

namespace kvsemulator {

/// Fragments of a stream, in the order of their ingestion, and their media.
class Recording {
 public:
  virtual ~Recording() = default;

  virtual const std::vector<FragmentInfo>& fragments() const = 0;
  /// The chunk that is sent for a fragment, as pieces that follow each other.
  virtual std::vector<Bytes> chunk(size_t index) const = 0;
  /// Ground truth for the manifest: tracks by number, blocks in their order.
  virtual std::map<int, Track> tracks(size_t index) const = 0;
  virtual std::vector<FrameInfo> frames(size_t index) const = 0;
  /// False if frames are so many that the manifest lists them only when asked
  /// to.
  virtual bool listsFrames() const { return true; }
};

}  // namespace kvsemulator
