// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/time_scale.h"

#include <gtest/gtest.h>

namespace kvsarchive::matroska {
namespace {

TEST(TimeScale, RoundsToTheNearestMillisecondHalvesAwayFromZero) {
  const struct {
    int64_t ticks;
    uint64_t scale;
    int64_t millis;
  } cases[] = {
      {7, 1'000'000, 7},  {-7, 1'000'000, -7},      {14, 100'000, 1},  {15, 100'000, 2},
      {-14, 100'000, -1}, {-15, 100'000, -2},       {5, 100'000, 1},   {4, 100'000, 0},
      {-4, 100'000, 0},   {3, 1'000'000'000, 3000}, {1, 1, 0},         {499'999, 1, 0},
      {500'000, 1, 1},    {90'000, 11'111, 1000},   {0, INT64_MAX, 0},
  };
  for (const auto& c : cases) {
    const auto millis = toMillisRounded(c.ticks, c.scale);
    ASSERT_TRUE(millis.has_value()) << c.ticks << " " << c.scale;
    EXPECT_EQ(millis->count(), c.millis) << c.ticks << " " << c.scale;
  }
}

TEST(TimeScale, RefusesWhatOverflows) {
  EXPECT_FALSE(toMillisRounded(INT64_MAX, 2));
  EXPECT_FALSE(toMillisRounded(INT64_MIN, 2));
  EXPECT_FALSE(toMillisRounded(INT64_MAX, 1));
  EXPECT_FALSE(toMillisRounded(INT64_MIN, 1));
  EXPECT_FALSE(toMillisRounded(1, UINT64_MAX));
  EXPECT_TRUE(toMillisRounded(INT64_MAX - 500'000, 1));
  EXPECT_TRUE(toMillisRounded(INT64_MIN + 500'000, 1));
}

}  // namespace
}  // namespace kvsarchive::matroska
