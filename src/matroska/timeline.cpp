// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/timeline.h"

#include <algorithm>
#include <utility>

namespace kvsarchive::matroska {
namespace {

/// Listed lengths and block spacing are off by some frames; what lies within is continuous.
constexpr std::chrono::milliseconds kGapTolerance{500};

/// Blocks further apart have a gap between them.
constexpr std::chrono::milliseconds kMaxSpacing{1000};

}  // namespace

void Timeline::jump() { *this = Timeline(origin_); }

Timeline::Start Timeline::beginFragment(UnixTime time, Millis earliest, Millis length) {
  const Millis wanted = time - origin_;
  Millis shift{0};
  if (started_ && newest_ - wanted > kMaxStepBack) {
    shift = newest_ + spacing_ - wanted;
  }
  shift = std::max(shift, -(wanted + earliest));
  const Millis begin = wanted + shift;
  const Millis end = std::max(expected_, newest_ + spacing_);
  Start start;
  start.shift = shift;
  start.discont = !started_ || shift != shift_ || begin > end + kGapTolerance ||
                  begin < newest_ - kGapTolerance;
  shift_ = shift;
  afterGap_ = started_ && start.discont;
  started_ = true;
  expected_ = begin + length;
  return start;
}

Timeline::Millis Timeline::place(UnixTime blockTime) {
  const Millis pts = blockTime - origin_ + shift_;
  if (pts > newest_) {
    spacing_ = std::exchange(afterGap_, false) ? spacing_ : std::min(pts - newest_, kMaxSpacing);
    newest_ = pts;
  }
  return pts;
}

}  // namespace kvsarchive::matroska
