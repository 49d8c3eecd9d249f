// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/slab_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "support/fake_clock.h"
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

TEST(SlabPool, KeepsAsManyAsWereInUseInTheLastSeconds) {
  const test::HeapMeter heap;
  const auto slabsHeld = [&] { return heap.held() / Slab::kDefaultSize; };
  test::FakeClock clock{UnixTime{}};
  const auto pool = SlabPool::make(clock);
  std::vector<std::shared_ptr<Slab>> slabs;
  const auto use = [&](size_t count) {
    slabs.resize(std::min(count, slabs.size()));
    while (slabs.size() < count) {
      slabs.push_back(pool->take());
    }
  };
  use(100);
  use(0);
  EXPECT_EQ(slabsHeld(), 100U);
  clock.advance(SlabPool::kMemory);
  use(40);
  use(30);
  EXPECT_EQ(slabsHeld(), 100U);
  clock.advance(SlabPool::kMemory);
  use(20);
  EXPECT_EQ(slabsHeld(), 40U);
  clock.advance(2 * SlabPool::kMemory);
  use(10);
  EXPECT_EQ(slabsHeld(), 20U);
}

TEST(SlabPool, KeepsNoneForLongWhenNoneComesOrGoes) {
  const test::HeapMeter heap;
  test::FakeClock clock{UnixTime{}};
  const auto pool = SlabPool::make(clock);
  EXPECT_FALSE(pool->trim());
  {
    std::vector<std::shared_ptr<Slab>> slabs;
    for (size_t i = 0; i < 100; ++i) {
      slabs.push_back(pool->take());
    }
    clock.advance(SlabPool::kMemory);
    EXPECT_TRUE(pool->trim());
  }
  EXPECT_EQ(heap.held() / Slab::kDefaultSize, 100U);
  clock.advance(SlabPool::kMemory);
  EXPECT_TRUE(pool->trim());
  clock.advance(SlabPool::kMemory);
  EXPECT_FALSE(pool->trim());
  EXPECT_EQ(heap.held() / Slab::kDefaultSize, 0U);
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
