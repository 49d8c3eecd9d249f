// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/size_check.h"

#include <gtest/gtest.h>

namespace kvsarchive::archive {
namespace {

using Verdict = SizeCheck::Verdict;

TEST(SizeCheckTest, AShorterChunkIsDoubtfulUntilSizesProveUseless) {
  SizeCheck sizes;
  EXPECT_EQ(sizes.check(100, 99), Verdict::kShort);
  sizes.countWrong();
  EXPECT_EQ(sizes.check(100, 99), Verdict::kShort);
  sizes.countWrong();
  EXPECT_EQ(sizes.check(100, 99), Verdict::kFits);
  EXPECT_FALSE(sizes.anyFitted());
}

TEST(SizeCheckTest, SomeThatAreWrongDoNotProveMoreThatFitUseless) {
  SizeCheck sizes;
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(sizes.check(100, 100), Verdict::kFits);
  }
  for (int i = 0; i < 10; ++i) {
    sizes.countWrong();
    EXPECT_EQ(sizes.check(100, 99), Verdict::kShort) << i;
  }
  sizes.countWrong();
  EXPECT_EQ(sizes.check(100, 99), Verdict::kFits);
  EXPECT_TRUE(sizes.anyFitted());
}

TEST(SizeCheckTest, ALongerChunkIsDoubtfulOnlyWhereOneFitted) {
  SizeCheck sizes;
  EXPECT_EQ(sizes.check(100, 101), Verdict::kFits);
  EXPECT_EQ(sizes.check(100, 100), Verdict::kFits);
  EXPECT_EQ(sizes.check(100, 101), Verdict::kLong);
}

TEST(SizeCheckTest, ASizeThatIsNotKnownFits) {
  SizeCheck sizes;
  EXPECT_EQ(sizes.check(100, 100), Verdict::kFits);
  EXPECT_EQ(sizes.check(0, 99), Verdict::kFits);
}

}  // namespace
}  // namespace kvsarchive::archive
