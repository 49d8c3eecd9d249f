// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"
#include "config/config.h"

namespace kvsemulator {

/// Adds what a JSON configuration says. Errors: the first option that is wrong
/// or unknown.
Result<Config> readConfigFile(const std::string& path, Config config);

/// Adds a stream that is described by JSON text such as one entry of "streams".
Result<Config> addStream(const std::string& json, Config config);

}  // namespace kvsemulator
