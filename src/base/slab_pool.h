// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/guarded.h"

namespace kvsarchive {

/// Keeps slabs that nobody looks into any more for the next bytes: fresh memory costs a page fault
/// for every 4 KiB, which is more than receiving into it does. Slabs may outlive the pool. Any
/// thread.
class SlabPool : public std::enable_shared_from_this<SlabPool> {
 public:
  /// `maxUnused`: at most so many slabs are kept that nobody looks into.
  static std::shared_ptr<SlabPool> make(size_t maxUnused = 8) {
    return std::shared_ptr<SlabPool>(new SlabPool(maxUnused));
  }

  /// A slab of Slab::kDefaultSize that comes back to the pool with its last view.
  std::shared_ptr<Slab> take();

 private:
  explicit SlabPool(size_t maxUnused) : maxUnused_(maxUnused) {}
  void giveBack(std::unique_ptr<Slab> slab);

  const size_t maxUnused_;
  Guarded<std::vector<std::unique_ptr<Slab>>> unused_;
};

}  // namespace kvsarchive
