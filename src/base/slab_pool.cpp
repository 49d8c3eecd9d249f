// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/slab_pool.h"

#include <utility>

namespace kvsarchive {

std::shared_ptr<Slab> SlabPool::take() {
  std::unique_ptr<Slab> slab;
  {
    auto unused = unused_.lock();
    if (!unused->empty()) {
      slab = std::move(unused->back());
      unused->pop_back();
    }
  }
  if (!slab) {
    slab = std::make_unique<Slab>(Slab::kDefaultSize);
  }
  return {slab.release(), [pool = weak_from_this()](Slab* returned) {
            std::unique_ptr<Slab> owned(returned);
            if (const auto alive = pool.lock()) {
              alive->giveBack(std::move(owned));
            }
          }};
}

void SlabPool::giveBack(std::unique_ptr<Slab> slab) {
  auto unused = unused_.lock();
  if (unused->size() < maxUnused_) {
    unused->push_back(std::move(slab));
  }
}

}  // namespace kvsarchive
