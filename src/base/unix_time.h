// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>

namespace kvsarchive {

/// A point in time in whole milliseconds since 1970-01-01T00:00:00Z, the service's resolution.
using UnixTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

constexpr UnixTime unixTimeFromMillis(int64_t millis) {
  return UnixTime{std::chrono::milliseconds{millis}};
}

constexpr int64_t toMillis(UnixTime time) { return time.time_since_epoch().count(); }

}  // namespace kvsarchive
