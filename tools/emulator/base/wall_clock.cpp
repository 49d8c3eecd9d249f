// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/wall_clock.h"

#include <glib.h>

#include <charconv>
#include <cmath>
#include <ctime>

namespace kvsemulator {
namespace {

std::optional<double> parseNumber(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::optional<int64_t> parseRelative(std::string_view text) {
  if (text.empty()) {
    return nowMs();
  }
  int64_t unitMs = 0;
  switch (text.back()) {
    case 's':
      unitMs = 1000;
      break;
    case 'm':
      unitMs = 60'000;
      break;
    case 'h':
      unitMs = 3'600'000;
      break;
    case 'd':
      unitMs = 86'400'000;
      break;
    default:
      return std::nullopt;
  }
  const bool later = text.front() == '+';
  const auto count = parseNumber(text.substr(later ? 1 : 0, text.size() - (later ? 2 : 1)));
  if (!count || later != (*count > 0)) {
    return std::nullopt;
  }
  return nowMs() + std::llround(*count * static_cast<double>(unitMs));
}

std::string formatUtc(int64_t ms, const char* pattern) {
  const time_t seconds = static_cast<time_t>((ms - ((ms % 1000) + 1000) % 1000) / 1000);
  tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  return {text, strftime(text, sizeof text, pattern, &parts)};
}

}  // namespace

int64_t nowMs() { return g_get_real_time() / 1000; }

std::string formatIso8601(int64_t ms) {
  char fraction[8];
  g_snprintf(fraction, sizeof fraction, ".%03dZ", static_cast<int>((ms % 1000 + 1000) % 1000));
  return formatUtc(ms, "%Y-%m-%dT%H:%M:%S") + fraction;
}

std::string formatBasic(int64_t ms) { return formatUtc(ms, "%Y%m%dT%H%M%SZ"); }

std::optional<int64_t> parseBasic(const std::string& text) {
  tm parts{};
  const char* end = strptime(text.c_str(), "%Y%m%dT%H%M%SZ", &parts);
  if (text.size() != 16 || !end || *end != '\0') {
    return std::nullopt;
  }
  return static_cast<int64_t>(timegm(&parts)) * 1000;
}

std::optional<int64_t> parseTime(const std::string& text) {
  if (text.rfind("now", 0) == 0) {
    return parseRelative(std::string_view(text).substr(3));
  }
  if (const auto seconds = parseNumber(text)) {
    return std::llround(*seconds * 1000);
  }
  GDateTime* time = g_date_time_new_from_iso8601(text.c_str(), nullptr);
  if (!time) {
    return std::nullopt;
  }
  const int64_t ms = g_date_time_to_unix(time) * 1000 + g_date_time_get_microsecond(time) / 1000;
  g_date_time_unref(time);
  return ms;
}

}  // namespace kvsemulator
