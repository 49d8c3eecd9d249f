// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/slab_pool.h"

#include <algorithm>
#include <utility>

namespace kvsarchive {

std::shared_ptr<Slab> SlabPool::take() {
  std::unique_ptr<Slab> slab;
  {
    auto state = state_.lock();
    state->most = std::max(state->most, ++state->inUse);
    if (!state->unused.empty()) {
      slab = std::move(state->unused.back());
      state->unused.pop_back();
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
  const auto now = clock_.steadyNow();
  auto state = state_.lock();
  const auto age = now - state->since;
  if (age >= kMemory) {
    state->mostBefore = age < 2 * kMemory ? state->most : 0;
    state->most = state->inUse;
    state->since = now;
  }
  --state->inUse;
  state->unused.push_back(std::move(slab));
  while (state->inUse + state->unused.size() > std::max(state->most, state->mostBefore)) {
    state->unused.pop_back();
  }
}

}  // namespace kvsarchive
