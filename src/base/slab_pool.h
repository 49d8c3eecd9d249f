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
  /// At most so many unused slabs are kept, 8 MiB.
  static constexpr size_t kMaxUnused = 8;

  static std::shared_ptr<SlabPool> make() { return std::shared_ptr<SlabPool>(new SlabPool()); }

  /// A slab of Slab::kDefaultSize that comes back to the pool with its last view.
  std::shared_ptr<Slab> take();

 private:
  SlabPool() = default;
  void giveBack(std::unique_ptr<Slab> slab);

  Guarded<std::vector<std::unique_ptr<Slab>>> unused_;
};

}  // namespace kvsarchive
