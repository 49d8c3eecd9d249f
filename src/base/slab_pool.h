// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/guarded.h"

namespace kvsarchive {

/// Keeps slabs that nobody looks into any more for the next bytes: fresh memory costs a page fault
/// for every 4 KiB, which is more than receiving into it does. Of those that are in use it keeps a
/// quarter at most, and a few. Slabs may outlive the pool. Any thread.
class SlabPool : public std::enable_shared_from_this<SlabPool> {
 public:
  static std::shared_ptr<SlabPool> make() { return std::shared_ptr<SlabPool>(new SlabPool()); }

  /// A slab of Slab::kDefaultSize that comes back to the pool with its last view.
  std::shared_ptr<Slab> take();

 private:
  struct State {
    std::vector<std::unique_ptr<Slab>> unused;
    size_t inUse = 0;
  };

  SlabPool() = default;
  void giveBack(std::unique_ptr<Slab> slab);

  Guarded<State> state_;
};

}  // namespace kvsarchive
