// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/time_expression.h"
#include "base/iso8601.h"
#include "checks.h"
#include "targets.h"

namespace kvsarchive::fuzz {
namespace {

constexpr UnixTime kNow = unixTimeFromMillis(1'772'359'200'123);
/// The last millisecond of the year 9999, which is as far as ISO 8601 goes.
constexpr int64_t kMaxIsoMillis = 253'402'300'800'000;

void requireInRange(const Result<UnixTime>& time, int64_t maxMillis, Checks* checks) {
  if (time) {
    checks->require(toMillis(*time) >= 0 && toMillis(*time) <= maxMillis, "a time out of range");
  } else {
    checks->require(time.error().kind == ErrorKind::kSettings, "an error of another kind");
    checks->requireClear(time.error());
  }
}

}  // namespace

std::string date(std::string_view input) {
  Checks checks;
  const std::string text(input);
  const auto expression = archive::parseTimeExpression(text, kNow);
  requireInRange(expression, kMaxUnixMillis, &checks);
  const auto iso = parseIso8601(text);
  requireInRange(iso, kMaxIsoMillis, &checks);
  if (expression) {
    const auto again = parseIso8601(formatIso8601(*expression));
    checks.require(again && *again == *expression, "a time changes when it is written and read");
    checks.require(formatIso8601Basic(*expression).size() == 16, "not the form of a signature");
  }
  if (iso && expression) {
    // A text that is both, such as "2026", would be a time that nobody meant.
    checks.require(*iso == *expression, "one text, two times");
  }
  return checks.problem();
}

}  // namespace kvsarchive::fuzz
