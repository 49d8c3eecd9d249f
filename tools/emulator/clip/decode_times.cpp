// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/decode_times.h"

#include <algorithm>

namespace kvsemulator {

void addDecodeTimes(std::vector<Frame>& frames, int64_t tickNs, bool startAtZero) {
  std::vector<int64_t> times;
  times.reserve(frames.size());
  for (const Frame& frame : frames) {
    times.push_back(frame.timeNs);
  }
  std::sort(times.begin(), times.end());
  int64_t delayNs = 0;  // that the decoder needs to bring frames into order
  for (size_t i = 0; i < frames.size(); ++i) {
    delayNs = std::max(delayNs, times[i] - frames[i].timeNs);
  }
  for (size_t i = 0; i < frames.size(); ++i) {
    int64_t time = times[i] - delayNs;
    if (startAtZero) {
      time = std::max<int64_t>(time, 0);
    }
    frames[i].orderNs = i == 0 ? time : std::max(time, frames[i - 1].orderNs + tickNs);
  }
}

}  // namespace kvsemulator
