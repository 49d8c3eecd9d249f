// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session_life.h"

#include <gtest/gtest.h>

namespace kvsarchive::session {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Two clocks that go apart, as when a machine sleeps or its wall clock is set.
class TwoClocks : public Clock {
 public:
  UnixTime now() const override { return unixTimeFromMillis(1'772'359'200'000) + wall; }
  std::chrono::steady_clock::time_point steadyNow() const override {
    return std::chrono::steady_clock::time_point(steady);
  }

  milliseconds wall{0};
  milliseconds steady{0};
};

TEST(SessionLife, EndsWhenItsTimeIsOver) {
  TwoClocks clock;
  const SessionLife life(clock, seconds(300));
  EXPECT_EQ(toMillis(life.end()), 1'772'359'500'000);
  EXPECT_EQ(life.remaining(), seconds(300));
  EXPECT_FALSE(life.isExpiring());
  clock.wall = clock.steady = milliseconds(239'999);
  EXPECT_FALSE(life.isExpiring());
  clock.wall = clock.steady = milliseconds(240'000);
  EXPECT_TRUE(life.isExpiring());
  EXPECT_EQ(life.remaining(), seconds(60));
  clock.wall = clock.steady = seconds(1000);
  EXPECT_EQ(life.remaining(), seconds(0));
  EXPECT_EQ(toMillis(life.end()), 1'772'359'500'000);
}

TEST(SessionLife, GoesOnWhileTheMachineSleeps) {
  TwoClocks clock;
  const SessionLife life(clock, seconds(300));
  clock.wall = seconds(280);
  clock.steady = seconds(1);
  EXPECT_EQ(life.remaining(), seconds(20));
}

TEST(SessionLife, IsNotProlongedByAWallClockThatIsSetBack) {
  TwoClocks clock;
  const SessionLife life(clock, seconds(300));
  clock.wall = seconds(-3600);
  clock.steady = seconds(280);
  EXPECT_EQ(life.remaining(), seconds(20));
}

}  // namespace
}  // namespace kvsarchive::session
