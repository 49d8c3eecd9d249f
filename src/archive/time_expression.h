// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"
#include "base/unix_time.h"

namespace kvsarchive::archive {

/// Reads a point in time as users write it:
/// - RFC 3339 with a zone: "2026-03-01T10:00:00Z"
/// - seconds since 1970, decimals allowed: "1772359200.5"
/// - "now", or "now" less a time: "now-90m", "now-1d", "now-1h30m" (units s, m, h, d)
/// Errors: kSettings.
Result<UnixTime> parseTimeExpression(const std::string& text, UnixTime now);

}  // namespace kvsarchive::archive
