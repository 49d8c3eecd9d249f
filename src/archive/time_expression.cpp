// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/time_expression.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "base/iso8601.h"
#include "base/text.h"

namespace kvsarchive::archive {
namespace {

std::optional<int64_t> secondsOfUnit(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86'400;
    default:
      return std::nullopt;
  }
}

/// "1h30m" in milliseconds.
std::optional<int64_t> parseDuration(std::string_view text) {
  constexpr int64_t kMaxAmount = 1'000'000'000;
  int64_t total = 0;
  while (!text.empty()) {
    int64_t amount = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), amount);
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    const auto unit = text.empty() ? std::nullopt : secondsOfUnit(text.front());
    if (problem != std::errc() || !unit || amount < 0 || amount > kMaxAmount) {
      return std::nullopt;
    }
    text.remove_prefix(1);
    total += amount * *unit * 1000;
    if (total > kMaxUnixMillis) {
      return std::nullopt;
    }
  }
  return total;
}

/// "1772359200.312" in milliseconds.
std::optional<int64_t> parseEpochSeconds(std::string_view text) {
  double seconds = 0;
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  if (problem != std::errc() || end != text.data() + text.size() ||
      !(seconds >= 0 && seconds <= static_cast<double>(kMaxUnixMillis / 1000))) {
    return std::nullopt;
  }
  return std::llround(seconds * 1000);
}

}  // namespace

Result<UnixTime> parseTimeExpression(const std::string& text, UnixTime now) {
  if (text == "now") {
    return now;
  }
  if (text.compare(0, 4, "now-") == 0) {
    const auto ago =
        text.size() > 4 ? parseDuration(std::string_view(text).substr(4)) : std::nullopt;
    if (ago && *ago <= toMillis(now)) {
      return now - std::chrono::milliseconds(*ago);
    }
    return makeError(ErrorKind::kSettings,
                     quoted(text) + " is not a time before now such as now-90m or now-1h30m");
  }
  if (const auto millis = parseEpochSeconds(text)) {
    return unixTimeFromMillis(*millis);
  }
  auto time = parseIso8601(text);
  if (!time) {
    time.error().message += "; other forms are seconds since 1970, now and now-1h30m";
  }
  if (time && toMillis(*time) > kMaxUnixMillis) {
    return makeError(ErrorKind::kSettings, quoted(text) + " is too far in the future");
  }
  return time;
}

}  // namespace kvsarchive::archive
