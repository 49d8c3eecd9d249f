// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

namespace kvsemulator {

/// A media file to be cut into fragments at key frames.
struct FileOptions {
  std::string path;
  double fragmentSeconds = 2;
  int64_t startMs = 0;
  int64_t serverOffsetMs = 0;
};

}  // namespace kvsemulator
