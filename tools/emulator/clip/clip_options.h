// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include "base/json_reader.h"

namespace kvsemulator {

/// Order of the boxes in a clip.
enum class ClipLayout { kMoovLast, kMoovFirst, kFragmented };

/// What a clip says about when it was made.
enum class ClipCreation {
  kRecording,  ///< the time of its first frame: each answer is the same, byte for byte
  kRequest,    ///< that of the request, later than in the answer before
};

/// How GetClip answers.
struct ClipOptions {
  ClipLayout layout = ClipLayout::kMoovLast;
  ClipCreation creation = ClipCreation::kRecording;
  bool chunked = false;            ///< else Content-Length
  int64_t maxFragments = 200;      ///< in a clip
  int64_t maxBytes = 100'000'000;  ///< of its fragments; the first one is always in it
};

/// Reads the object `clips`; what it does not say is as in `fallback`.
ClipOptions readClipOptions(JsonReader& parent, const ClipOptions& fallback);

}  // namespace kvsemulator
