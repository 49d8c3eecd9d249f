// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/slab_pool.h"

#include <gtest/gtest.h>

#include <set>

namespace kvsarchive {
namespace {

TEST(SlabPool, UsesASlabAgainOnceNobodyLooksIntoIt) {
  const auto pool = SlabPool::make();
  auto slab = pool->take();
  const Slab* first = slab.get();
  const Bytes view(slab, 10, 20);
  slab.reset();
  const auto other = pool->take();
  EXPECT_NE(other.get(), first);  // the view still holds the first
  { const Bytes last = view; }
  EXPECT_EQ(view.slab().use_count(), 1);
}

TEST(SlabPool, ReturnedSlabsComeOutAgain) {
  const auto pool = SlabPool::make();
  const Slab* first = pool->take().get();
  EXPECT_EQ(pool->take().get(), first);
}

TEST(SlabPool, KeepsABoundedNumber) {
  constexpr size_t kMaxUnused = 3;
  const auto pool = SlabPool::make(kMaxUnused);
  std::vector<std::shared_ptr<Slab>> slabs;
  std::set<const Slab*> before;
  for (size_t i = 0; i < kMaxUnused + 5; ++i) {
    slabs.push_back(pool->take());
    slabs.back()->data()[0] = 'x';
    before.insert(slabs.back().get());
  }
  EXPECT_EQ(before.size(), kMaxUnused + 5);
  slabs.clear();
  for (size_t i = 0; i < kMaxUnused; ++i) {
    slabs.push_back(pool->take());
    EXPECT_EQ(before.count(slabs.back().get()), 1U);
  }
}

TEST(SlabPool, SlabsOutliveIt) {
  auto pool = SlabPool::make();
  const auto slab = pool->take();
  pool.reset();
  slab->data()[Slab::kDefaultSize - 1] = 'x';
  EXPECT_EQ(slab->data()[Slab::kDefaultSize - 1], 'x');
}

}  // namespace
}  // namespace kvsarchive
