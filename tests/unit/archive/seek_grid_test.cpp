// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/seek_grid.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace kvsarchive::archive {
namespace {

using Millis = SeekGrid::Millis;
using std::chrono::hours;

TEST(SeekGrid, EveryOffsetOfAPointIsItsTime) {
  for (const Millis length : {Millis(0), Millis(1), Millis(999), Millis(1000), Millis(600'000),
                              Millis(hours(24)), Millis(hours(24 * 365 * 130))}) {
    const SeekGrid grid(length);
    const auto points = grid.points();
    ASSERT_FALSE(points.empty());
    EXPECT_LE(points.size(), 5000U);
    EXPECT_EQ(points.front().time, Millis(0));
    EXPECT_LE(points.back().time, length);
    for (size_t i = 0; i < points.size(); ++i) {
      EXPECT_EQ(grid.timeAt(points[i].offset), points[i].time);
      EXPECT_LT(points[i].offset, grid.size());
      if (i > 0) {
        EXPECT_GT(points[i].offset, points[i - 1].offset);
        EXPECT_GE(points[i].time - points[i - 1].time, Millis(1000));
      }
    }
  }
}

TEST(SeekGrid, PointsAreASecondApartUntilThereWouldBeTooMany) {
  EXPECT_EQ(SeekGrid(Millis(10'500)).points().size(), 11U);
  EXPECT_EQ(SeekGrid(Millis(3'799'999)).points().size(), 3800U);
  const auto day = SeekGrid(Millis(hours(24))).points();
  EXPECT_EQ(day.back().time - day[day.size() - 2].time, Millis(22'737));
}

/// Where the end is not set, it is now, whenever the recording was.
TEST(SeekGrid, PointsAreNearAtTheBeginningOfTheLongestRange) {
  for (const Millis length :
       {Millis(hours(24)), Millis(hours(24 * 300)), Millis(hours(24 * 3650))}) {
    const auto points = SeekGrid(length).points();
    EXPECT_EQ(points[80].time, Millis(80'000));
    for (size_t i = 1; i < points.size(); ++i) {
      const Millis step = points[i].time - points[i - 1].time;
      ASSERT_LE(step, std::max(Millis(1000), points[i].time / 80)) << i;
      ASSERT_LE(step, length / 3800 + Millis(1)) << i;
    }
  }
}

TEST(SeekGrid, OffsetsOutsideAreItsEnds) {
  const SeekGrid grid(Millis(5000));
  EXPECT_EQ(grid.timeAt(0), std::nullopt);
  EXPECT_EQ(grid.timeAt(grid.points()[0].offset - 1), std::nullopt);
  EXPECT_EQ(grid.timeAt(grid.size()), Millis(5000));
  EXPECT_EQ(grid.timeAt(UINT64_MAX), Millis(5000));
}

TEST(SeekGrid, ANegativeLengthIsNone) {
  EXPECT_EQ(SeekGrid(Millis(-5)).points().size(), 1U);
  EXPECT_EQ(SeekGrid(Millis(-5)).size(), SeekGrid(Millis(0)).size());
}

}  // namespace
}  // namespace kvsarchive::archive
