// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>

#include "base/result.h"
#include "media/encode_pipeline.h"
#include "media/generated_options.h"

namespace kvsemulator {

/// Frames of one picture size to be encoded in one go.
struct VideoJob {
  VideoCodec codec = VideoCodec::kH264;
  int width = 0;
  int height = 0;
  int fps = 0;
  int bFrames = 0;
  int keyInterval = 0;  ///< frames; each interval is a closed group of pictures
  int firstFrame = 0;   ///< number painted into the first picture
  int frames = 0;
  std::function<int64_t(int)> timeMs;  ///< wall clock of the n-th picture, painted too
};

struct AudioJob {
  AudioCodec codec = AudioCodec::kAac;
  int toneHz = 0;
  int64_t durationNs = 0;
};

/// Encodes test pictures.
Result<EncodedTrack> encodeVideo(const VideoJob& job);
/// Encodes a quiet tone with a beep at each full second.
Result<EncodedTrack> encodeAudio(const AudioJob& job);

}  // namespace kvsemulator
