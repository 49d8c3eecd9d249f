// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/retry_policy.h"

#include <glib.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdint>
#include <utility>

#include "base/text.h"

namespace kvsarchive::http {
namespace {

constexpr double kThrottleFactor = 1;  // s
/// Trying for ever without any pause would only keep a processor busy.
constexpr double kEndlessFloor = 0.05;
constexpr double kThrottleFloor = 0.5;  // s
constexpr double kMaxSeconds = 86'400;  // keeps the arithmetic far from its limits
constexpr int kMaxDoublings = 60;

/// What arithmetic can be done with; not-a-number counts as 0.
double sane(double seconds) { return seconds > 0 ? std::min(seconds, kMaxSeconds) : 0; }

}  // namespace

RetryBudget::RetryBudget(const RetryOptions& options) : RetryBudget(options, g_random_double) {}

RetryBudget::RetryBudget(const RetryOptions& options, Random random)
    : options_(options), random_(std::move(random)) {}

std::optional<std::chrono::milliseconds> RetryBudget::next(Recovery recovery) {
  if (recovery != Recovery::kRetry && recovery != Recovery::kThrottle) {
    return std::nullopt;
  }
  const bool isEndless = options_.retries < 0;
  const int64_t allowed = isEndless ? INT_MAX : int64_t{options_.retries} + 1;
  failed_ = static_cast<int>(std::min({int64_t{failed_} + 1, allowed, int64_t{INT_MAX}}));
  if (!isEndless && failed_ == allowed) {
    return std::nullopt;
  }
  const bool isThrottled = recovery == Recovery::kThrottle;
  const double factor = std::max(sane(options_.backoffFactor), isThrottled ? kThrottleFactor : 0);
  const double most =
      std::min(std::ldexp(factor, std::min(failed_ - 1, kMaxDoublings)), sane(options_.backoffMax));
  const double least = isThrottled ? std::min(kThrottleFloor, most / 2) : 0;
  double seconds = least + random_() * (most - least);
  if (isEndless) {
    seconds = std::max(seconds, kEndlessFloor);
  }
  return std::chrono::milliseconds(std::llround(seconds * 1000));
}

Error givenUp(Error error, const RetryBudget& budget) {
  error.recovery = Recovery::kNone;
  if (budget.attempts() > 1) {
    error.message = withoutFullStop(std::move(error.message)) + ", after " +
                    std::to_string(budget.attempts()) + " attempts";
  }
  return error;
}

}  // namespace kvsarchive::http
