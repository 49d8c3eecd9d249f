// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>

#include "base/unix_time.h"

namespace kvsarchive::matroska {

/// Turns wall-clock times of blocks into presentation times of the document, which begin at 0:
/// pts = block time - origin + shift, where the shift is 0 unless a fragment steps far back.
class Timeline {
 public:
  using Millis = std::chrono::milliseconds;

  /// Overlaps up to here keep their true times; matroskademux copes with them.
  static constexpr Millis kMaxStepBack{3000};

  struct Start {
    Millis shift{0};      ///< added to all times of the fragment
    bool discont = true;  ///< it does not continue the fragment before
  };

  explicit Timeline(UnixTime origin) : origin_(origin) {}

  UnixTime origin() const { return origin_; }

  /// What comes next does not follow what came before. Shifts are told by that, so they begin anew.
  void jump();

  /// Begins a fragment at `time`, whose earliest block is `earliest` away from it. `length` is what
  /// the service says of its duration, 0 if nothing.
  Start beginFragment(UnixTime time, Millis earliest, Millis length);

  /// Presentation time of a block of the current fragment. Negative only for a block that is
  /// earlier than `earliest` was.
  Millis place(UnixTime blockTime);

 private:
  UnixTime origin_;
  Millis shift_{0};
  bool started_ = false;
  bool afterGap_ = false;  ///< the next block's distance to the one before says nothing
  Millis newest_{0};       ///< greatest presentation time so far
  Millis spacing_{0};      ///< between the two greatest ones
  Millis expected_{0};     ///< where the current fragment ends by its listed length
};

}  // namespace kvsarchive::matroska
