// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "archive/recording.h"

namespace kvsemulator {

/// One fragment with its chunk, ready to be sent.
struct StoredFragment {
  FragmentInfo info;
  Bytes chunk;
  std::map<int, Track> tracks;
  std::vector<FrameInfo> frames;  ///< empty = to be read out of the chunk when asked for
};

/// A recording whose chunks are in memory, or in a mapped file.
class StoredRecording : public Recording {
 public:
  explicit StoredRecording(std::vector<StoredFragment> fragments);

  const std::vector<FragmentInfo>& fragments() const override { return infos_; }
  std::vector<Bytes> chunk(size_t index) const override { return {stored_[index].chunk}; }
  std::map<int, Track> tracks(size_t index) const override { return stored_[index].tracks; }
  std::vector<FrameInfo> frames(size_t index) const override;

 private:
  std::vector<StoredFragment> stored_;
  std::vector<FragmentInfo> infos_;
};

}  // namespace kvsemulator
