// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/slab_pool.h"

#include <algorithm>
#include <utility>

namespace kvsarchive {

std::shared_ptr<Slab> SlabPool::take() {
  const auto now = clock_.steadyNow();
  std::unique_ptr<Slab> slab;
  {
    auto state = state_.lock();
    age(*state, now);
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
  std::vector<std::unique_ptr<Slab>> surplus;  // goes when the lock is free again
  auto state = state_.lock();
  age(*state, now);
  --state->inUse;
  state->unused.push_back(std::move(slab));
  surplus = takeSurplus(*state);
}

bool SlabPool::trim() {
  const auto now = clock_.steadyNow();
  std::vector<std::unique_ptr<Slab>> surplus;
  auto state = state_.lock();
  age(*state, now);
  surplus = takeSurplus(*state);
  return state->inUse > 0 || !state->unused.empty();
}

void SlabPool::age(State& state, std::chrono::steady_clock::time_point now) {
  const auto age = now - state.since;
  if (age < kMemory) {
    return;
  }
  state.mostBefore = age < 2 * kMemory ? state.most : 0;
  state.most = state.inUse;
  state.since = now;
}

std::vector<std::unique_ptr<Slab>> SlabPool::takeSurplus(State& state) {
  std::vector<std::unique_ptr<Slab>> surplus;
  while (!state.unused.empty() &&
         state.inUse + state.unused.size() > std::max(state.most, state.mostBefore)) {
    surplus.push_back(std::move(state.unused.back()));
    state.unused.pop_back();
  }
  return surplus;
}

}  // namespace kvsarchive
