// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "base/result.h"
#include "matroska/layout.h"
#include "media/file_options.h"
#include "media/media_fragment.h"

namespace kvsemulator {

/// Cuts a media file into fragments that begin with a key frame of the first
/// track. The earliest frame gets the start timestamp. Errors: see demuxFile().
Result<std::vector<MediaFragment>> cutFile(const FileOptions& options, const Layout& layout);

}  // namespace kvsemulator
