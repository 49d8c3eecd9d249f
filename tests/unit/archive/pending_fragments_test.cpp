// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/pending_fragments.h"

#include <gtest/gtest.h>

namespace kvsarchive::archive {
namespace {

matroska::ChunkBlock block(int64_t ticks, size_t bytes = 10) {
  matroska::ChunkBlock block;
  block.ticks = ticks;
  block.block.element = Bytes::copyOf(std::string(bytes, 'x'));
  return block;
}

PendingFragments twoFragments() {
  kvs::Fragment one;
  one.number = "1";
  kvs::Fragment two;
  two.number = "2";
  return PendingFragments({one, two});
}

TEST(PendingFragmentsTest, KnowsTheEarliestBlockWhateverGoes) {
  PendingFragments pending = twoFragments();
  FragmentMedia& media = pending.head();
  for (const int64_t ticks : {40, 0, 80}) {
    pending.hold(media, block(ticks));
  }
  EXPECT_EQ(media.earliestTicks, 0);
  pending.keepOnly(media, {true, false, true});
  EXPECT_EQ(media.earliestTicks, 40);
  pending.dropHeld(media, 0);
  EXPECT_EQ(media.heldBytes, 0U);
  EXPECT_EQ(media.earliestTicks, 0);
}

TEST(PendingFragmentsTest, DropsOnlyWhatWasNotHandedOn) {
  PendingFragments pending = twoFragments();
  FragmentMedia& media = pending.head();
  for (const int64_t ticks : {0, 40, 80, 120}) {
    pending.hold(media, block(ticks));
  }
  const auto taken = pending.takeBlocks(media, 1);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].ticks, 0);
  pending.dropHeld(media, 3);
  EXPECT_EQ(media.received, 3U);
  EXPECT_EQ(media.blocks.size(), 2U);
  pending.dropHeld(media);
  EXPECT_EQ(media.received, 1U);
  EXPECT_TRUE(media.blocks.empty());
}

TEST(PendingFragmentsTest, TakesBlocksInRuns) {
  PendingFragments pending = twoFragments();
  FragmentMedia& media = pending.head();
  constexpr size_t kMany = PendingFragments::kRunBlocks + 5;
  for (size_t i = 0; i < kMany; ++i) {
    pending.hold(media, block(static_cast<int64_t>(i)));
  }
  pending.hold(media, block(kMany, PendingFragments::kRunBytes));
  pending.hold(media, block(kMany + 1));
  EXPECT_EQ(pending.takeBlocks(media, 100).size(), PendingFragments::kRunBlocks);
  auto run = pending.takeBlocks(media, 100);
  ASSERT_EQ(run.size(), 6U);  // the large one is the last of them
  EXPECT_EQ(run.back().ticks, static_cast<int64_t>(kMany));
  run = pending.takeBlocks(media, 100);
  ASSERT_EQ(run.size(), 1U);
  EXPECT_EQ(run.back().ticks, static_cast<int64_t>(kMany) + 1);
  EXPECT_EQ(pending.heldBytes(), 0U);
}

TEST(PendingFragmentsTest, CountsWhatAllHoldTogether) {
  PendingFragments pending = twoFragments();
  FragmentMedia& second = *pending.findOpen("2");
  const size_t half = PendingFragments::kMaxHeldBytes / 2;
  EXPECT_TRUE(pending.hold(pending.head(), block(0, half)));
  EXPECT_FALSE(pending.hold(second, block(0, half)));
  second.state = FragmentMedia::State::kComplete;
  pending.dropAllButHead();
  EXPECT_TRUE(second.open());
  EXPECT_TRUE(second.blocks.empty());
  EXPECT_EQ(pending.head().blocks.size(), 1U);
  pending.popHead();
  EXPECT_TRUE(pending.hold(second, block(0, half)));
}

TEST(PendingFragmentsTest, FindsOnlyOpenFragments) {
  PendingFragments pending = twoFragments();
  pending.head().state = FragmentMedia::State::kMissing;
  EXPECT_EQ(pending.findOpen("1"), nullptr);
  EXPECT_EQ(pending.findOpen("3"), nullptr);
  ASSERT_EQ(pending.allOpen().size(), 1U);
  EXPECT_EQ(pending.allOpen()[0]->fragment.number, "2");
}

}  // namespace
}  // namespace kvsarchive::archive
