// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace kvsarchive {

/// A point in time in whole milliseconds since 1970-01-01T00:00:00Z, the service's resolution.
using UnixTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

constexpr UnixTime unixTimeFromMillis(int64_t millis) {
  return UnixTime{std::chrono::milliseconds{millis}};
}

/// Latest time that is taken from the network: what 63 bits of nanoseconds hold, in the year 2262.
constexpr int64_t kMaxUnixMillis = INT64_MAX / 1'000'000;

constexpr int64_t toMillis(UnixTime time) { return time.time_since_epoch().count(); }

}  // namespace kvsarchive
