// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/decoded_times.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "support/seek_player.h"

namespace kvsarchive::test {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;

/// Which stored frame is the first that a decoder lets through: of what lies before the segment
/// only the frame that lasts into it, unless it is in a fragment before the one that covers
/// `cueMs`.
size_t firstShown(const std::vector<StoredTimes::Frame>& frames, int64_t startMs, int64_t cueMs,
                  int64_t durationNs) {
  size_t next = 0;
  int64_t fragmentMs = 0;
  while (next < frames.size() && frames[next].ms <= startMs) {
    ++next;
  }
  for (const auto& frame : frames) {
    fragmentMs = frame.fragmentMs <= cueMs ? std::max(fragmentMs, frame.fragmentMs) : fragmentMs;
  }
  const bool lasts = next > 0 && (startMs - frames[next - 1].ms) * kNanosPerMilli < durationNs;
  return lasts && frames[next - 1].fragmentMs >= fragmentMs ? next - 1 : next;
}

void expectTrack(const StoredTimes& stored, const std::string& name, const PlayedTrack& track,
                 int64_t startMs, Deviation* deviation) {
  SCOPED_TRACE(name);
  const auto& frames = stored.tracks.at(name);
  ASSERT_GE(track.frames.size(), 2U);
  const size_t first = firstShown(frames, stored.origin + startMs,
                                  stored.origin + cueBefore(startMs), track.frames[1].durationNs);
  ASSERT_EQ(track.frames.size(), frames.size() - first);
  int64_t newestMs = 0;
  for (size_t i = 0; i < track.frames.size(); ++i) {
    const PlayedFrame& frame = track.frames[i];
    const int64_t timeMs = frames[first + i].ms;
    if (track.isVideo()) {
      ASSERT_EQ(frame.painted, static_cast<int>(first + i)) << "picture " << i;
    }
    ASSERT_EQ(frame.wallsNs.size(), 1U) << "frame " << i;
    // A decoder cuts off what lies before the segment, of the picture that is shown too.
    const int64_t ptsMs = std::max(timeMs - stored.origin, startMs);
    deviation->note(frame.wallNs - timeMs * kNanosPerMilli, frame.ptsNs - ptsMs * kNanosPerMilli);
    ASSERT_EQ(frame.wallNs, timeMs * kNanosPerMilli) << "frame " << i;
    // Decoders of video let no time fall, as it may where fragments of the server's clock overlap.
    if (timeMs > newestMs) {
      ASSERT_EQ(frame.ptsNs, ptsMs * kNanosPerMilli) << "frame " << i;
    }
    newestMs = std::max(newestMs, timeMs);
  }
}

}  // namespace

void Deviation::note(int64_t wallError, int64_t ptsError) {
  wall = std::max(wall, std::abs(wallError));
  pts = std::max(pts, std::abs(ptsError));
  ++frames;
}

void expectDecoded(const StoredTimes& stored, const Played& played, int64_t startMs,
                   Deviation* deviation) {
  ASSERT_FALSE(played.error) << played.error->message << " / " << played.error->debug;
  ASSERT_TRUE(played.eos);
  EXPECT_EQ(played.originNs, static_cast<uint64_t>(stored.origin * kNanosPerMilli));
  ASSERT_EQ(played.tracks.size(), stored.tracks.size());
  for (const auto& [name, track] : played.tracks) {
    // Whoever plugs decoders by itself names its pads by itself.
    const std::string own = stored.tracks.count(name) != 0 ? name
                            : track.isVideo()              ? "video_0"
                                                           : "audio_0";
    ASSERT_NO_FATAL_FAILURE(expectTrack(stored, own, track, startMs, deviation));
  }
}

}  // namespace kvsarchive::test
