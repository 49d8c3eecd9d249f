// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "base/unix_time.h"

namespace kvsarchive::http {

/// The time in a Date header, "Sun, 01 Mar 2026 10:00:00 GMT"; none if it is not a date.
std::optional<UnixTime> parseHttpDate(const std::string& text);

}  // namespace kvsarchive::http
