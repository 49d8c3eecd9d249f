// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/slab_pool.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/heap_meter.h"

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

TEST(SlabPool, KeepsAQuarterOfWhatIsInUse) {
  const test::HeapMeter heap;
  const auto slabsHeld = [&] { return heap.held() / Slab::kDefaultSize; };
  const auto pool = SlabPool::make();
  std::vector<std::shared_ptr<Slab>> slabs;
  for (size_t i = 0; i < 100; ++i) {
    slabs.push_back(pool->take());
  }
  EXPECT_EQ(slabsHeld(), 100U);
  slabs.resize(90);
  EXPECT_EQ(slabsHeld(), 100U);
  slabs.resize(40);
  EXPECT_EQ(slabsHeld(), 40U + 40 / 4 + 2);
  slabs.clear();
  EXPECT_EQ(slabsHeld(), 2U);
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
