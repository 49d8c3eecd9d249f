// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/guarded.h"

namespace kvsarchive {

/// Keeps slabs that nobody looks into any more for the next bytes: fresh memory costs a page fault
/// for every 4 KiB, which is more than receiving into it does. There are no more of both than were
/// in use at once in the last seconds: what is read ahead comes and goes as fast as that. Slabs may
/// outlive the pool. Any thread.
class SlabPool : public std::enable_shared_from_this<SlabPool> {
 public:
  /// What was in use counts for so long, and for twice as long at the most.
  static constexpr std::chrono::seconds kMemory{2};

  static std::shared_ptr<SlabPool> make(const Clock& clock = systemClock()) {
    return std::shared_ptr<SlabPool>(new SlabPool(clock));
  }

  /// A slab of Slab::kDefaultSize that comes back to the pool with its last view.
  std::shared_ptr<Slab> take();

  /// Lets go of what was not in use in the last seconds. To be called every kMemory, for nobody
  /// else does while no slab comes or goes; false once there is none.
  bool trim();

 private:
  struct State {
    std::vector<std::unique_ptr<Slab>> unused;
    size_t inUse = 0;
    size_t most = 0;  ///< in use at once, since `since`
    size_t mostBefore = 0;
    std::chrono::steady_clock::time_point since;
  };

  explicit SlabPool(const Clock& clock) : clock_(clock) {}
  void giveBack(std::unique_ptr<Slab> slab);
  static void age(State& state, std::chrono::steady_clock::time_point now);
  static std::vector<std::unique_ptr<Slab>> takeSurplus(State& state);

  const Clock& clock_;
  Guarded<State> state_;
};

}  // namespace kvsarchive
