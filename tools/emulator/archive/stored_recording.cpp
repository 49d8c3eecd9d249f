// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/stored_recording.h"

#include "matroska/chunk_reader.h"

namespace kvsemulator {

StoredRecording::StoredRecording(std::vector<StoredFragment> fragments)
    : stored_(std::move(fragments)) {
  infos_.reserve(stored_.size());
  for (StoredFragment& fragment : stored_) {
    infos_.push_back(std::move(fragment.info));
  }
}

std::vector<FrameInfo> StoredRecording::frames(size_t index) const {
  const StoredFragment& fragment = stored_[index];
  if (!fragment.frames.empty()) {
    return fragment.frames;
  }
  const auto parsed = readChunk(fragment.chunk.view(), true);
  return parsed ? parsed->frames : std::vector<FrameInfo>();
}

}  // namespace kvsemulator
