// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace kvsarchive::aws {

/// The JSON object `json` with these members set to texts; its other members stay as they are.
/// Errors: kDecode for what is no JSON object; shows nothing of it.
Result<std::string> withMembers(
    const std::string& json,
    std::initializer_list<std::pair<const char*, std::string_view>> members);

}  // namespace kvsarchive::aws
