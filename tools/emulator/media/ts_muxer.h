// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "media/media_sample.h"
#include "media/track.h"

namespace kvsemulator {

/// Frames of one track of a transport stream.
struct TsTrack {
  int number = 0;
  const Track* track = nullptr;
  std::vector<MediaSample> samples;  ///< times count from the segment's place
};

/// Muxes one segment at its place in the session with mpegtsmux: H.264, H.265,
/// AAC. Errors: what GStreamer says.
Result<std::string> muxTransportStream(const std::vector<TsTrack>& tracks, int64_t startNs);

}  // namespace kvsemulator
