// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/retry_policy.h"

#include <gtest/gtest.h>

#include <climits>
#include <cmath>
#include <vector>

namespace kvsarchive::http {
namespace {

using std::chrono::milliseconds;
using Delays = std::vector<int64_t>;

RetryBudget::Random always(double value) {
  return [value] { return value; };
}

/// The delays, in ms, of at most `count` failures in a row.
Delays delays(RetryBudget budget, Recovery recovery, int count = 100) {
  Delays found;
  while (count-- > 0) {
    const auto delay = budget.next(recovery);
    if (!delay) {
      break;
    }
    found.push_back(delay->count());
  }
  return found;
}

TEST(RetryBudget, DelaysDoubleUpToTheMaximum) {
  EXPECT_EQ(delays(RetryBudget({7, 1, 20}, always(0.5)), Recovery::kRetry),
            (Delays{500, 1000, 2000, 4000, 8000, 10000, 10000}));
  EXPECT_EQ(delays(RetryBudget({3, 0.1, 0.3}, always(0.999)), Recovery::kRetry),
            (Delays{100, 200, 300}));
}

TEST(RetryBudget, JitterIsFull) {
  for (const double random : {0.0, 0.25, 0.75}) {
    RetryBudget budget({5, 2, 20}, always(random));
    EXPECT_EQ(*budget.next(Recovery::kRetry), milliseconds(std::llround(2000 * random)));
  }
}

TEST(RetryBudget, EachDelayDrawsItsOwnNumber) {
  double number = 0;
  RetryBudget budget({5, 1, 20}, [&number] { return number += 0.25; });
  EXPECT_EQ(delays(budget, Recovery::kRetry, 3), (Delays{250, 1000, 3000}));
}

TEST(RetryBudget, ThrottledClientsWaitLonger) {
  EXPECT_EQ(delays(RetryBudget({4, 0.01, 20}, always(0)), Recovery::kThrottle),
            (Delays{500, 500, 500, 500}));
  EXPECT_EQ(delays(RetryBudget({4, 0.01, 20}, always(0.5)), Recovery::kThrottle),
            (Delays{750, 1250, 2250, 4250}));
  EXPECT_EQ(delays(RetryBudget({2, 4, 20}, always(0.5)), Recovery::kThrottle),
            (Delays{2250, 4250}));
}

TEST(RetryBudget, TheMaximumGoesBeforeTheThrottlesFloor) {
  EXPECT_EQ(delays(RetryBudget({2, 1, 0.2}, always(0)), Recovery::kThrottle), (Delays{100, 100}));
  EXPECT_EQ(delays(RetryBudget({2, 1, 0}, always(0.5)), Recovery::kThrottle), (Delays{0, 0}));
}

TEST(RetryBudget, AttemptsRunOut) {
  RetryBudget budget({2, 1, 20}, always(0.5));
  EXPECT_EQ(budget.attempts(), 0);
  EXPECT_TRUE(budget.next(Recovery::kRetry));
  EXPECT_EQ(budget.attempts(), 1);
  EXPECT_TRUE(budget.next(Recovery::kThrottle));
  EXPECT_FALSE(budget.next(Recovery::kRetry));
  EXPECT_EQ(budget.attempts(), 3);
  EXPECT_FALSE(budget.next(Recovery::kRetry));
  EXPECT_EQ(budget.attempts(), 3);
  EXPECT_FALSE(RetryBudget({0, 1, 20}).next(Recovery::kRetry));
}

TEST(RetryBudget, ProgressBeginsAnew) {
  RetryBudget budget({2, 1, 20}, always(0.5));
  for (int round = 0; round < 10; ++round) {
    EXPECT_EQ(budget.next(Recovery::kRetry), milliseconds(500));
    EXPECT_EQ(budget.next(Recovery::kRetry), milliseconds(1000));
    budget.progress();
    EXPECT_EQ(budget.attempts(), 0);
  }
}

TEST(RetryBudget, OnlyTimeIsGiven) {
  RetryBudget budget({5, 1, 20}, always(0.5));
  for (const Recovery other : {Recovery::kNone, Recovery::kRefreshCredentials,
                               Recovery::kRefetchEndpoint, Recovery::kCorrectClock}) {
    EXPECT_FALSE(budget.next(other));
    EXPECT_EQ(budget.attempts(), 0);
  }
}

TEST(RetryBudget, ForEverIsForEver) {
  RetryBudget budget({-1, 1, 20}, always(0.5));
  for (int i = 0; i < 10'000; ++i) {
    const auto delay = budget.next(Recovery::kRetry);
    ASSERT_TRUE(delay);
    ASSERT_GE(*delay, milliseconds(500));
    ASSERT_LE(*delay, milliseconds(10'000));
  }
  EXPECT_EQ(budget.attempts(), 10'000);
}

TEST(RetryBudget, OddOptionsGiveBoundedDelays) {
  const double nan = std::nan("");
  const double infinite = HUGE_VAL;
  for (const RetryOptions& options :
       {RetryOptions{INT_MAX, nan, 1}, RetryOptions{INT_MAX, 1, nan},
        RetryOptions{INT_MAX, 1e300, 1}, RetryOptions{INT_MAX, infinite, infinite},
        RetryOptions{INT_MAX, -1, 1}, RetryOptions{INT_MAX, 1, -1}, RetryOptions{INT_MAX, 0, 20}}) {
    for (const Recovery recovery : {Recovery::kRetry, Recovery::kThrottle}) {
      RetryBudget budget(options, always(0.999));
      for (int i = 0; i < 2000; ++i) {
        const auto delay = budget.next(recovery);
        ASSERT_TRUE(delay);
        ASSERT_GE(delay->count(), 0);
        ASSERT_LE(delay->count(), 86'400'000);
      }
    }
  }
}

TEST(RetryBudget, ByDefaultDelaysAreSpread) {
  RetryBudget budget({-1, 10, 10});
  int64_t least = INT64_MAX;
  int64_t most = 0;
  for (const int64_t delay : delays(budget, Recovery::kRetry, 1000)) {
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  EXPECT_LT(least, 1000);
  EXPECT_GT(most, 9000);
  EXPECT_LE(most, 10'000);
}

TEST(RetryBudget, GivenUpSaysHowManyAttempts) {
  RetryBudget budget({1, 1, 20}, always(0.5));
  Error error = makeError(ErrorKind::kOpenRead, "InternalFailure: it failed. ");
  error.recovery = Recovery::kRetry;
  EXPECT_FALSE(budget.next(Recovery::kRetry) && budget.next(Recovery::kRetry));
  const Error told = givenUp(error, budget);
  EXPECT_EQ(told.message, "InternalFailure: it failed, after 2 attempts");
  EXPECT_EQ(told.recovery, Recovery::kNone);
  EXPECT_EQ(givenUp(error, RetryBudget({0, 1, 20})).message, error.message);
}

}  // namespace
}  // namespace kvsarchive::http
