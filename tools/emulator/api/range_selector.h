// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/api_request.h"
#include "archive/listing.h"

namespace kvsemulator {

/// Reads a selector of fragments by a range of timestamps; none if it is absent
/// or wrong.
std::optional<ListingQuery> readRangeSelector(ApiRequest& request, const char* name);

/// Whether the service knows such a time. A client that sends milliseconds for
/// seconds names none.
bool isKnownTime(int64_t ms);

/// `which`: "Start" or "End".
Failure<ApiError> outsideRetention(const char* which, int64_t ms);

}  // namespace kvsemulator
