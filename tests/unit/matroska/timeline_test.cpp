// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/timeline.h"

#include <gtest/gtest.h>

namespace kvsarchive::matroska {
namespace {

using Millis = std::chrono::milliseconds;

constexpr int64_t kBegin = 1'772'359'200'000;

UnixTime at(int64_t millis) { return unixTimeFromMillis(kBegin + millis); }

/// Begins a fragment at `start` and places frames every `step` ms up to `start + length`.
Timeline::Start run(Timeline& timeline, int64_t start, int64_t length, int64_t step = 40,
                    int64_t listed = 0) {
  const auto begun = timeline.beginFragment(at(start), Millis(0), Millis(listed));
  for (int64_t offset = 0; offset < length; offset += step) {
    timeline.place(at(start + offset));
  }
  return begun;
}

TEST(Timeline, CountsFromTheOrigin) {
  Timeline timeline(at(0));
  const auto start = timeline.beginFragment(at(0), Millis(0), Millis(2000));
  EXPECT_TRUE(start.discont);
  EXPECT_EQ(start.shift.count(), 0);
  EXPECT_EQ(timeline.place(at(0)).count(), 0);
  EXPECT_EQ(timeline.place(at(1960)).count(), 1960);
  EXPECT_EQ(timeline.place(at(80)).count(), 80);
}

TEST(Timeline, AFragmentThatFollowsIsContinuous) {
  Timeline timeline(at(0));
  run(timeline, 0, 2000);
  const auto start = run(timeline, 2000, 2000);
  EXPECT_FALSE(start.discont);
  EXPECT_EQ(start.shift.count(), 0);
}

TEST(Timeline, OverlapsUpToThreeSecondsKeepTheirTimes) {
  for (const int64_t back : {1, 500, 1960, 2960, 3000}) {
    Timeline timeline(at(0));
    run(timeline, 0, 10'000);  // newest block at 9960
    const auto start = timeline.beginFragment(at(9960 - back), Millis(0), Millis(0));
    EXPECT_EQ(start.shift.count(), 0) << back;
    EXPECT_EQ(timeline.place(at(9960 - back)).count(), 9960 - back) << back;
    EXPECT_EQ(start.discont, back > 500) << back;
  }
}

TEST(Timeline, LargerStepsBackAreShiftedBehindTheNewestBlock) {
  Timeline timeline(at(0));
  run(timeline, 0, 10'000);
  const auto start = timeline.beginFragment(at(9960 - 3001), Millis(0), Millis(0));
  EXPECT_EQ(start.shift.count(), 3001 + 40);
  EXPECT_TRUE(start.discont);
  EXPECT_EQ(timeline.place(at(9960 - 3001)).count(), 10'000);
  EXPECT_EQ(timeline.place(at(9960 - 2961)).count(), 10'040);
}

TEST(Timeline, AShiftEndsWithTheFragmentThatNeedsNone) {
  Timeline timeline(at(0));
  run(timeline, 0, 10'000);
  EXPECT_NE(run(timeline, 5000, 2000).shift.count(), 0);
  const auto start = run(timeline, 60'000, 2000);
  EXPECT_EQ(start.shift.count(), 0);
  EXPECT_TRUE(start.discont);
}

TEST(Timeline, NothingIsPlacedBeforeZero) {
  Timeline timeline(at(0));
  run(timeline, 0, 1000);
  const auto start = timeline.beginFragment(at(-700), Millis(-50), Millis(0));
  EXPECT_EQ(start.shift.count(), 750);
  EXPECT_EQ(timeline.place(at(-750)).count(), 0);
}

TEST(Timeline, GapsAreDiscontinuous) {
  const struct {
    int64_t start;
    bool discont;
  } cases[] = {{2040, false}, {2500, false}, {2501, true}, {3'600'000, true}};
  for (const auto& c : cases) {
    Timeline timeline(at(0));
    run(timeline, 0, 2000);  // ends at 1960 + 40
    EXPECT_EQ(run(timeline, c.start, 1000).discont, c.discont) << c.start;
  }
}

TEST(Timeline, AListedLengthBridgesWhatFramesDoNotTell) {
  Timeline timeline(at(0));
  run(timeline, 0, 1, 40, 10'000);  // one frame, listed with 10 s
  EXPECT_FALSE(run(timeline, 10'000, 1, 40, 10'000).discont);
  EXPECT_TRUE(run(timeline, 20'501, 1, 40, 10'000).discont);
}

TEST(Timeline, LengthZeroMeansUnknownAndFragmentsMayBeEmpty) {
  Timeline timeline(at(0));
  run(timeline, 0, 2000, 40, 0);
  EXPECT_FALSE(run(timeline, 2000, 0, 40, 0).discont);
  EXPECT_FALSE(run(timeline, 2000, 2000, 40, 0).discont);
  EXPECT_FALSE(run(timeline, 4000, 1, 40, 0).discont);
}

TEST(Timeline, AGapIsNotTakenForTheDistanceOfFrames) {
  Timeline timeline(at(0));
  run(timeline, 0, 2000);
  constexpr int64_t kHour = 3'600'000;
  EXPECT_TRUE(run(timeline, kHour, 1).discont);  // one frame, an hour later
  EXPECT_TRUE(run(timeline, kHour + kHour / 2, 2000).discont);
  EXPECT_EQ(run(timeline, kHour, 1).shift.count(), kHour / 2 + 1960 + 40);
}

TEST(Timeline, AHoleInAFragmentIsNotTakenForTheDistanceOfFrames) {
  Timeline timeline(at(0));
  timeline.beginFragment(at(0), Millis(0), Millis(0));
  timeline.place(at(0));
  timeline.place(at(9000));
  EXPECT_EQ(run(timeline, 2000, 1).shift.count(), 7000 + 1000);
}

TEST(Timeline, BehindAJumpTimesAreTrueAndBeginAnew) {
  Timeline timeline(at(0));
  run(timeline, 0, 20'000);
  EXPECT_NE(run(timeline, 5000, 2000).shift.count(), 0);
  timeline.jump();
  const auto start = run(timeline, 5000, 2000);
  EXPECT_EQ(start.shift.count(), 0);
  EXPECT_TRUE(start.discont);
  EXPECT_EQ(timeline.origin(), at(0));
  EXPECT_EQ(timeline.place(at(5000)).count(), 5000);
}

}  // namespace
}  // namespace kvsarchive::matroska
