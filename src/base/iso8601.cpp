// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/iso8601.h"

#include <glib.h>

#include "base/c_ptr.h"
#include "base/text.h"

namespace kvsarchive {
namespace {

using DateTime = CPtr<GDateTime, g_date_time_unref>;

std::string format(UnixTime time, const char* pattern) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const DateTime date(g_date_time_new_from_unix_utc(seconds.time_since_epoch().count()));
  if (!date) {
    return std::to_string(toMillis(time)) + " ms";
  }
  const CPtr<char, g_free> text(g_date_time_format(date.get(), pattern));
  return text.get();
}

}  // namespace

Result<UnixTime> parseIso8601(const std::string& text) {
  const bool isWhole = text.find('\0') == std::string::npos;  // GLib stops at a NUL
  const DateTime date(isWhole ? g_date_time_new_from_iso8601(text.c_str(), nullptr) : nullptr);
  if (date && g_date_time_to_unix(date.get()) >= 0) {
    const int64_t millis = (g_date_time_get_microsecond(date.get()) + 500) / 1000;
    return unixTimeFromMillis(g_date_time_to_unix(date.get()) * 1000 + millis);
  }
  const CPtr<GTimeZone, g_time_zone_unref> utc(g_time_zone_new_utc());
  const DateTime withoutZone(g_date_time_new_from_iso8601(text.c_str(), utc.get()));
  return makeError(
      ErrorKind::kSettings,
      quoted(text) + " " +
          (!date && withoutZone ? "has no time zone: add Z or +hh:mm"
                                : "is not an RFC 3339 time such as 2026-03-01T10:00:00Z"));
}

std::string formatIso8601(UnixTime time) {
  const int64_t millis = ((toMillis(time) % 1000) + 1000) % 1000;
  const std::string padded = std::to_string(1000 + millis).substr(1);
  return format(time, ("%Y-%m-%dT%H:%M:%S." + padded + "Z").c_str());
}

std::string formatIso8601Basic(UnixTime time) { return format(time, "%Y%m%dT%H%M%SZ"); }

}  // namespace kvsarchive
