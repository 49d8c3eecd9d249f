// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "matroska/cues.h"

namespace kvsarchive::archive {

/// The map between presentation times of a document and VIRTUAL byte offsets in it, in which
/// demuxers seek: a byte per millisecond, whatever is sent. Cues at distances that depend on
/// nothing but the length stand for it in the document, so that no fragment has to be known for
/// them.
class SeekGrid {
 public:
  using Millis = std::chrono::milliseconds;

  /// Nearer ones hardly make a difference.
  static constexpr Millis kMinStep{1000};
  /// A range is often far longer than what is in it, for its end is now unless it is set. So at
  /// the beginning points are as near as a part of the time from there, behind it regular.
  static constexpr int64_t kBeginParts = 80;
  static constexpr int64_t kRegularPoints = 3800;

  /// `length`: of the document, an upper bound.
  explicit SeekGrid(Millis length);

  /// One at time 0 at least, and 5000 at the most: each costs time at the start, memory and a line
  /// in the demuxer's log.
  std::vector<matroska::CuePoint> points() const;
  /// What the document is said to have, in bytes.
  uint64_t size() const;
  /// No value for an offset in front of all media: the document's very beginning.
  std::optional<Millis> timeAt(uint64_t offset) const;

 private:
  uint64_t offsetOf(Millis time) const;

  Millis length_;
  Millis maxStep_;
};

}  // namespace kvsarchive::archive
