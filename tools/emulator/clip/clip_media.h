// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "api/api_error.h"
#include "archive/stream.h"
#include "base/result.h"
#include "media/frame.h"
#include "media/track.h"

namespace kvsemulator {

/// One track of a clip.
struct ClipTrack {
  Track track;
  std::vector<Frame> frames;  ///< timeNs counts from the clip's earliest frame
};

/// What a clip is made of.
struct ClipMedia {
  int64_t startMs = 0;  ///< producer's time of its earliest frame, rounded down
  std::vector<ClipTrack> tracks;
};

/// Reads the media of fragments, in their order, at the producer's times. A
/// fragment that begins before the one in front of it, which only fragments
/// chosen by server time can, is moved behind it, and all after it as well.
/// Errors: those of the service about codecs, codec private data and frames.
Result<ClipMedia, ApiError> readClipMedia(const std::vector<Stream::Entry>& fragments);

}  // namespace kvsemulator
