// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/signing_clock.h"

#include <gtest/gtest.h>

namespace kvsarchive::aws {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// Two clocks that a test moves one by one.
class TwoClocks : public Clock {
 public:
  UnixTime now() const override { return wall; }
  std::chrono::steady_clock::time_point steadyNow() const override { return steady; }

  UnixTime wall = unixTimeFromMillis(1772359200000);
  std::chrono::steady_clock::time_point steady{};
};

TEST(SigningClock, IsTheMachinesClockAtFirst) {
  TwoClocks machine;
  SigningClock clock(machine);
  EXPECT_EQ(clock.now(), machine.wall);
  machine.wall += minutes(1);
  EXPECT_EQ(clock.now(), machine.wall);
}

TEST(SigningClock, SmallDifferencesAreNotCorrected) {
  TwoClocks machine;
  SigningClock clock(machine);
  for (const seconds skew : {seconds(0), seconds(239), seconds(-239)}) {
    EXPECT_FALSE(clock.correct(machine.wall + skew, machine.wall));
    EXPECT_EQ(clock.now(), machine.wall);
  }
}

TEST(SigningClock, GoesOnFromTheServicesTime) {
  for (const seconds skew : {seconds(240), seconds(-240), seconds(1'000'000), seconds(-86'400)}) {
    TwoClocks machine;
    SigningClock clock(machine);
    const UnixTime server = machine.wall + skew;
    EXPECT_TRUE(clock.correct(server, machine.wall));
    EXPECT_EQ(clock.now(), server);
    machine.steady += seconds(30);
    machine.wall += minutes(700);  // somebody sets the machine's clock
    EXPECT_EQ(clock.now(), server + seconds(30));
  }
}

TEST(SigningClock, CanBeCorrectedAgain) {
  TwoClocks machine;
  SigningClock clock(machine);
  const UnixTime server = machine.wall + minutes(60);
  EXPECT_TRUE(clock.correct(server, clock.now()));
  EXPECT_FALSE(clock.correct(server, clock.now()));
  EXPECT_TRUE(clock.correct(server + minutes(10), clock.now()));
  EXPECT_EQ(clock.now(), server + minutes(10));
}

}  // namespace
}  // namespace kvsarchive::aws
