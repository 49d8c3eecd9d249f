// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"
#include "base/unix_time.h"

namespace kvsarchive {

/// Reads an RFC 3339 date and time: "2026-03-01T10:00:00Z", "2026-03-01 11:00:00.25+01:00".
/// Rounded to milliseconds. The zone is required, since guessing one loses hours.
/// Years 1970 to 9999. Errors: kSettings.
Result<UnixTime> parseIso8601(const std::string& text);

/// "2026-03-01T10:00:00.000Z". Times outside the years 1 to 9999 come out as "<n> ms".
std::string formatIso8601(UnixTime time);

/// "20260301T100000Z", as AWS signatures write it. Same limits.
std::string formatIso8601Basic(UnixTime time);

}  // namespace kvsarchive
