// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "archive/fragment_media.h"
#include "kvs/fragment.h"

namespace kvsarchive::archive {

/// Leaves out what lies outside of the range in the fragments at its ends, by the clock that the
/// range is given in:
/// - of a fragment that began before the range what comes before the last key frame at or before
///   its start: of video tracks in decode order, of others by time; without video each track from
///   its last block at or before the start; all of it if it ends before the start, by its listed
///   length and by its last frame;
/// - of any fragment what comes, in each track in decode order, behind its last block at or before
///   the end.
class RangeTrim {
 public:
  /// `start`, `end`: which ends to trim.
  RangeTrim(const kvs::FragmentSelector& range, bool start, bool end)
      : range_(range), start_(start), end_(end) {}

  /// Whether blocks may have to go, so that the fragment has to be complete before it goes out.
  bool concerns(const kvs::Fragment& fragment) const;

  /// Whether it ends before the range by its listed length, which can be too short.
  bool mayBeOutside(const kvs::Fragment& fragment) const;

  /// Which of the fragment's blocks stay, one for each in `media.blocks`. Needs media.header.
  std::vector<bool> blocksToKeep(const FragmentMedia& media) const;

 private:
  bool atStart(const kvs::Fragment& fragment) const;

  kvs::FragmentSelector range_;
  bool start_;
  bool end_;
};

}  // namespace kvsarchive::archive
