// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace kvsemulator {

/// Milliseconds since 1970, the unit of all times in the service's answers.
int64_t nowMs();

/// "2026-03-01T10:00:00.000Z"
std::string formatIso8601(int64_t ms);
/// "20260301T100000Z", as signatures carry it.
std::string formatBasic(int64_t ms);
std::optional<int64_t> parseBasic(const std::string& text);
/// RFC 3339 with zone, epoch seconds with decimals, "now", "now-90s",
/// "now-15m", "now-2h", "now-1d", "now+30s".
std::optional<int64_t> parseTime(const std::string& text);

}  // namespace kvsemulator
