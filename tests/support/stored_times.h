// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "support/emulator_process.h"

namespace kvsarchive::test {

/// The same with the service's clock in place of the producer's.
Manifest byServersClock(Manifest manifest);

/// When each frame of a recording was taken, in ms since 1970.
struct StoredTimes {
  struct Frame {
    int64_t ms;
    int64_t fragmentMs;  ///< where its fragment begins
  };
  int64_t origin = INT64_MAX;
  /// By track, "video_0" as the demuxer names it; in order of presentation, which for video is
  /// that of the painted numbers.
  std::map<std::string, std::vector<Frame>> tracks;

  explicit StoredTimes(const Manifest& manifest);

  /// Of the video, or else of the audio, that part of the way through it; in ms from the origin.
  int64_t positionAt(double part) const;
};

}  // namespace kvsarchive::test
