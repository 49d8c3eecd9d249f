// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "aws/config_section.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// How often a request is sent at most, the first time included: AWS_MAX_ATTEMPTS, else the
/// profile's max_attempts; nothing when neither is set. 1 or more.
/// Errors: kSettings for what is no such number.
Result<std::optional<int>> findMaxAttempts(const ConfigSection& profile);

}  // namespace kvsarchive::aws
