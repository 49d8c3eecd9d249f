// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/size_check.h"

#include <gtest/gtest.h>

namespace kvsarchive::archive {
namespace {

using Verdict = SizeCheck::Verdict;

TEST(SizeCheckTest, AShorterChunkIsShortUntilSizesProveUseless) {
  SizeCheck sizes;
  EXPECT_EQ(sizes.check(100, 99), Verdict::kShort);
  sizes.distrust();
  EXPECT_EQ(sizes.check(100, 99), Verdict::kFits);
}

TEST(SizeCheckTest, ALongerChunkIsWrongOnlyWhereSizesAreExact) {
  SizeCheck sizes;
  EXPECT_EQ(sizes.check(100, 101), Verdict::kFits);
  EXPECT_FALSE(sizes.exact());
  EXPECT_EQ(sizes.check(100, 100), Verdict::kFits);
  EXPECT_TRUE(sizes.exact());
  EXPECT_EQ(sizes.check(100, 101), Verdict::kLong);
}

TEST(SizeCheckTest, OneThatFitsOutweighsDistrust) {
  SizeCheck sizes;
  sizes.distrust();
  sizes.check(100, 100);
  EXPECT_EQ(sizes.check(100, 99), Verdict::kShort);
}

}  // namespace
}  // namespace kvsarchive::archive
