// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "base/result.h"
#include "matroska/layout.h"
#include "media/generated_options.h"
#include "media/media_fragment.h"

namespace kvsemulator {

/// Encodes the test pattern. Errors: an encoder is missing or fails.
Result<std::vector<MediaFragment>> generateMedia(const GeneratedOptions& options,
                                                 const Layout& layout);

}  // namespace kvsemulator
