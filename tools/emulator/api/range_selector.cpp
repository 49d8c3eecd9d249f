// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/range_selector.h"

namespace kvsemulator {
namespace {

constexpr int64_t kLastTimestampMs = 253'402'300'799'999;  // end of the year 9999

}  // namespace

std::optional<ListingQuery> readRangeSelector(ApiRequest& request, const char* name) {
  auto selector = request.object(name);
  if (!selector) {
    return std::nullopt;
  }
  selector->requireMember("FragmentSelectorType");
  selector->requireMember("TimestampRange");
  const auto type =
      selector->choice("FragmentSelectorType", {"PRODUCER_TIMESTAMP", "SERVER_TIMESTAMP"});
  auto range = selector->object("TimestampRange");
  if (!range || !type) {
    return std::nullopt;
  }
  range->requireMember("StartTimestamp");
  range->requireMember("EndTimestamp");
  const auto start = range->timestampMs("StartTimestamp");
  const auto end = range->timestampMs("EndTimestamp");
  if (!start || !end) {
    return std::nullopt;
  }
  return ListingQuery{*type == "SERVER_TIMESTAMP", *start, *end};
}

bool isKnownTime(int64_t ms) { return ms >= 0 && ms <= kLastTimestampMs; }

Failure<ApiError> outsideRetention(const char* which, int64_t ms) {
  return invalidArgument(std::string(which) + " timestamp " + std::to_string(ms) +
                         " is outside of the stream retention period.");
}

}  // namespace kvsemulator
