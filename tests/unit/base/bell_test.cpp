// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/bell.h"

#include <gtest/gtest.h>

#include <thread>

namespace kvsarchive {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

const CancelToken kNever;

TEST(Bell, ARingAfterTheCountWasReadIsNotMissed) {
  Bell bell;
  const uint64_t count = bell.count();
  bell.ring();
  EXPECT_TRUE(bell.wait(count, std::nullopt, kNever));
  EXPECT_NE(bell.count(), count);
}

TEST(Bell, WaitsUntilItRings) {
  for (int round = 0; round < 200; ++round) {
    Bell bell;
    const uint64_t count = bell.count();
    std::thread ringer([&] { bell.ring(); });
    EXPECT_TRUE(bell.wait(count, std::nullopt, kNever));
    ringer.join();
  }
}

TEST(Bell, WaitsNoLongerThanUntilThen) {
  Bell bell;
  const auto until = steady_clock::now() + milliseconds(20);
  EXPECT_TRUE(bell.wait(bell.count(), until, kNever));
  EXPECT_GE(steady_clock::now(), until);
}

TEST(Bell, CanBeCancelled) {
  Bell bell;
  CancelToken cancel;
  std::thread canceller([&] { cancel.cancel(); });
  EXPECT_FALSE(bell.wait(bell.count(), std::nullopt, cancel));
  canceller.join();
  bell.ring();
  EXPECT_FALSE(bell.wait(0, std::nullopt, cancel));
  cancel.reset();
  EXPECT_TRUE(bell.wait(0, std::nullopt, cancel));
}

}  // namespace
}  // namespace kvsarchive
