// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "media/tag.h"

namespace kvsemulator {

/// One fragment as ListFragments tells of it, and what only the manifest tells.
struct FragmentInfo {
  std::string number;
  int64_t producerMs = 0;
  int64_t serverMs = 0;
  int64_t lengthMs = 0;
  uint64_t sizeBytes = 0;  ///< of its chunk
  bool discont = false;    ///< does not continue the fragment before: gap or new session
  std::vector<Tag> tags;   ///< the producer's own
};

}  // namespace kvsemulator
