// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/slab_pool.h"

#include <utility>

namespace kvsarchive {

namespace {

constexpr size_t kAlwaysKept = 2;

}  // namespace

std::shared_ptr<Slab> SlabPool::take() {
  std::unique_ptr<Slab> slab;
  {
    auto state = state_.lock();
    ++state->inUse;
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
  auto state = state_.lock();
  --state->inUse;
  state->unused.push_back(std::move(slab));
  const size_t kept = state->inUse / 4 + kAlwaysKept;
  while (state->unused.size() > kept) {
    state->unused.pop_back();
  }
}

}  // namespace kvsarchive
