// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "base/error.h"

namespace kvsarchive::http {

/// How long to go on when requests fail.
struct RetryOptions {
  int retries = 5;           ///< attempts without progress after the first; -1 = for ever
  double backoffFactor = 1;  ///< s, upper bound of the first delay, which doubles each time; >= 0
  double backoffMax = 20;    ///< s, no delay is longer; >= 0
};

/// Counts the attempts that failed in a row, and says how long to wait before the next.
/// One thread at a time.
class RetryBudget {
 public:
  using Random = std::function<double()>;  ///< uniform in [0, 1)

  explicit RetryBudget(const RetryOptions& options);
  RetryBudget(const RetryOptions& options, Random random);

  /// An attempt failed: the delay before the next one. No value when the attempts are used up, and
  /// for what time does not help against, which is not counted.
  ///
  /// kRetry: "full jitter" as AWS SDKs have it, random * min(factor * 2^(i-1), max) for the i-th
  /// failure. kThrottle: quotas are per second, so factor counts as 1 s at least, and the delay is
  /// random between half a second (or half of the bound, if that is less) and the bound.
  /// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
  std::optional<std::chrono::milliseconds> next(Recovery recovery);

  /// Something new came: counting begins again.
  void progress() { failed_ = 0; }

  /// No attempt is left.
  bool usedUp() const { return options_.retries >= 0 && failed_ > options_.retries; }

  /// Attempts that failed since the last progress.
  int attempts() const { return failed_; }

 private:
  RetryOptions options_;
  Random random_;
  int failed_ = 0;
};

/// Completes an error that is told because `budget` is used up: ", after 6 attempts". Nothing is
/// left to try, and so its recovery becomes kNone.
Error givenUp(Error error, const RetryBudget& budget);

}  // namespace kvsarchive::http
