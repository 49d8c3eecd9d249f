// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include "archive/archive.h"
#include "base/result.h"
#include "config/config.h"

namespace kvsemulator {

/// Builds all streams with their recordings. Errors: media that can't be made
/// or read.
Result<std::unique_ptr<Archive>> buildArchive(const Config& config);

}  // namespace kvsemulator
