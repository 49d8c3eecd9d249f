// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/cancel_token.h"

#include <gtest/gtest.h>

#include <thread>

namespace kvsarchive {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

TEST(CancelToken, SleepRunsOutWhenNobodyCancels) {
  const CancelToken token;
  EXPECT_TRUE(token.sleepFor(milliseconds(1)));
}

TEST(CancelToken, CancelWakesASleeper) {
  CancelToken token;
  const auto start = steady_clock::now();
  std::thread canceller([&] {
    std::this_thread::sleep_for(milliseconds(20));
    token.cancel();
  });
  EXPECT_FALSE(token.sleepFor(seconds(30)));
  canceller.join();
  EXPECT_LT(steady_clock::now() - start, seconds(5));
}

TEST(CancelToken, StaysCancelledUntilReset) {
  CancelToken token;
  token.cancel();
  EXPECT_FALSE(token.sleepFor(seconds(30)));
  EXPECT_FALSE(token.sleepFor(seconds(30)));
  token.reset();
  EXPECT_TRUE(token.sleepFor(milliseconds(1)));
}

TEST(CancelToken, AHookThatIsGoneIsNotCalled) {
  CancelToken token;
  int calls = 0;
  {
    const CancelToken::Hook hook(token, [&] { ++calls; });
    token.cancel();
  }
  token.reset();
  token.cancel();
  EXPECT_EQ(calls, 1);
}

TEST(CancelToken, CancelRacingWithSleepersIsNeverLost) {
  for (int round = 0; round < 200; ++round) {
    CancelToken token;
    std::thread sleeper([&] { EXPECT_FALSE(token.sleepFor(seconds(30))); });
    token.cancel();
    sleeper.join();
  }
}

}  // namespace
}  // namespace kvsarchive
