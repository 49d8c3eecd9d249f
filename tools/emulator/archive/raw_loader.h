// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "archive/stored_recording.h"
#include "base/result.h"

namespace kvsemulator {

/// Maps a file of chunks that GetMedia or GetMediaForFragmentList once
/// answered. Listing and manifest are told from the chunks. What has no
/// fragment number or time, and a last chunk that is cut off, is left out with
/// a message on stderr. Errors: no such file, no chunk in it.
Result<std::vector<StoredFragment>> loadRawChunks(const std::string& path);

}  // namespace kvsemulator
