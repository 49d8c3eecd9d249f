// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/stored_times.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace kvsarchive::test {

/// The same with the service's clock in place of the producer's.
Manifest byServersClock(Manifest manifest) {
  for (auto& fragment : manifest.fragments) {
    fragment.producerMs = fragment.serverMs;
  }
  for (auto& frame : manifest.frames) {
    frame.timeMs = frame.serverTimeMs;
  }
  return manifest;
}

StoredTimes::StoredTimes(const Manifest& manifest) {
  std::map<std::string, std::map<int, std::vector<Frame>>> byNumber;
  for (const auto& fragment : manifest.fragments) {
    std::map<std::vector<Frame>*, size_t> begins;
    for (const auto& frame : manifest.frames) {
      if (frame.fragment == fragment.number) {
        auto& frames = byNumber[frame.trackType][frame.track];
        begins.emplace(&frames, frames.size());
        frames.push_back({frame.timeMs, fragment.producerMs});
        origin = std::min(origin, frame.timeMs);
      }
    }
    for (const auto& [frames, begin] : begins) {
      std::sort(frames->begin() + static_cast<std::ptrdiff_t>(begin), frames->end(),
                [](const Frame& a, const Frame& b) { return a.ms < b.ms; });
    }
  }
  for (auto& [type, numbers] : byNumber) {
    int index = 0;
    for (auto& [number, frames] : numbers) {
      tracks[type + "_" + std::to_string(index++)] = std::move(frames);
    }
  }
}

int64_t StoredTimes::positionAt(double part) const {
  const auto video = tracks.find("video_0");
  const auto& frames = video != tracks.end() ? video->second : tracks.begin()->second;
  return frames[static_cast<size_t>(part * static_cast<double>(frames.size()))].ms - origin;
}

}  // namespace kvsarchive::test
