// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/seek_grid.h"

#include <algorithm>

namespace kvsarchive::archive {
namespace {

/// Of time 0. Beyond where the Segment begins; that the header is longer does not matter.
constexpr uint64_t kFirstOffset = 1000;

}  // namespace

SeekGrid::SeekGrid(Millis length)
    : length_(std::max(length, Millis(0))),
      maxStep_(std::max(kMinStep, Millis(length_.count() / kRegularPoints + 1))) {}

std::vector<matroska::CuePoint> SeekGrid::points() const {
  std::vector<matroska::CuePoint> points;
  for (Millis time{0}; time <= length_;
       time += std::clamp<Millis>(time / kBeginParts, kMinStep, maxStep_)) {
    points.push_back({time, offsetOf(time)});
  }
  return points;
}

uint64_t SeekGrid::size() const { return offsetOf(length_) + 1; }

std::optional<SeekGrid::Millis> SeekGrid::timeAt(uint64_t offset) const {
  if (offset < kFirstOffset) {
    return std::nullopt;
  }
  const uint64_t last = size() - 1;
  return Millis(static_cast<int64_t>(std::min(offset, last) - kFirstOffset));
}

uint64_t SeekGrid::offsetOf(Millis time) const {
  return kFirstOffset + static_cast<uint64_t>(time.count());
}

}  // namespace kvsarchive::archive
