// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "base/result.h"
#include "matroska/chunk_source.h"
#include "matroska/layout.h"
#include "media/generated_options.h"
#include "media/timeline.h"

namespace kvsemulator {

/// A fragment whose media is known, but not its number.
struct MediaFragment {
  ChunkSource source;
  int64_t lengthMs = 0;
  bool newSession = false;
  bool discont = false;
};

/// Encodes the test pattern. Errors: an encoder is missing or fails.
Result<std::vector<MediaFragment>> generateMedia(const GeneratedOptions& options,
                                                 const Layout& layout);

/// Brings the blocks of all tracks into the order in which they are to be written.
void interleave(std::vector<Frame>& frames);

}  // namespace kvsemulator
