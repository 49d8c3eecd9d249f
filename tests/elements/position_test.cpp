// SPDX-License-Identifier: LGPL-2.1-or-later
// From a position to the wall clock and back, as docs/time.md tells applications to.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "support/emulator_process.h"
#include "support/player.h"
#include "support/seek_player.h"
#include "support/stored_times.h"

namespace kvsarchive::test {
namespace {

constexpr int kKeyUnit = GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT;
constexpr int kAccurate = GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE;
constexpr int64_t kStart = 1772359200'250;  ///< 2026-03-01T10:00:00.250Z, ms since 1970

GstElement* sourceOf(const EmulatorProcess& emulator) {
  GstElement* source = makeSource(emulator.url(), "cam1");
  g_object_set(source, "start-timestamp", "2026-03-01T10:00:00Z", "end-timestamp",
               "2026-03-01T10:10:00Z", nullptr);
  return source;
}

gint64 originOf(SeekPlayer& player) {
  guint64 origin = 0;
  g_object_get(player.source(), "origin-timestamp", &origin, nullptr);
  return static_cast<gint64>(origin);
}

/// Ten pictures a second: 3 s, a gap of 5 s, 4 s, half a second of nothing, 5 s of a new session.
class Position : public testing::Test {
 protected:
  /// Seeks to that time of the clock on the wall, as an application does that has nothing else.
  void seekTo(SeekPlayer& player, gint64 wallNs, int flags) {
    ASSERT_TRUE(player.seek((wallNs - originOf(player)) / static_cast<gint64>(GST_MSECOND), flags));
    ASSERT_TRUE(player.settle());
    ASSERT_TRUE(player.playFrames(2));
  }

  const EmulatorProcess emulator_{R"({"streams": [{"name": "cam1", "recordings": [
      {"width": 160, "height": 120, "fragments": 12, "fragment-duration": 1, "fps": 10,
       "b-frames": 2, "start": "2026-03-01T10:00:00.250Z",
       "gaps": [{"after-fragment": 3, "seconds": 5}],
       "restarts": [{"after-fragment": 7, "timecodes": "zero", "pause": 0.5}]}]}]})"};
  const StoredTimes stored_{emulator_.manifest("cam1")};
};

TEST_F(Position, OfAWallClockIsThatLessOrigin) {
  SeekPlayer player(sourceOf(emulator_), "matroskademux", true);
  ASSERT_TRUE(player.preroll());
  const auto& pictures = stored_.tracks.at("video_0");
  for (const int64_t wantedMs : {kStart, kStart + 1'099, kStart + 2'100, kStart + 9'350,
                                 kStart + 14'450, kStart + 17'399, kStart + 8'000}) {
    SCOPED_TRACE(wantedMs - kStart);
    ASSERT_NO_FATAL_FAILURE(seekTo(player, wantedMs * static_cast<gint64>(GST_MSECOND), kAccurate));
    const PlayedFrame shown = player.tracks().at("video_0").frames.front();
    ASSERT_GE(shown.painted, 0);
    const int64_t shownMs = pictures[static_cast<size_t>(shown.painted)].ms;
    EXPECT_LE(shownMs, wantedMs);
    EXPECT_GT(shownMs + 100, wantedMs);  // it was the picture at that time
    EXPECT_EQ(shown.wallNs, shownMs * static_cast<int64_t>(GST_MSECOND));
  }
}

TEST_F(Position, PlusOriginIsTheWallClock) {
  SeekPlayer player(sourceOf(emulator_), "matroskademux", true);
  ASSERT_TRUE(player.preroll());
  for (const auto& [flags, wantedMs] :
       {std::pair(kAccurate, kStart + 9'350), std::pair(kKeyUnit, kStart + 14'000)}) {
    SCOPED_TRACE(wantedMs - kStart);
    ASSERT_TRUE(player.seek(wantedMs - kStart, flags));
    ASSERT_TRUE(player.settle());
    gint64 position = -1;
    ASSERT_TRUE(gst_element_query_position(player.pipeline(), GST_FORMAT_TIME, &position));
    EXPECT_EQ(originOf(player) + position, wantedMs * static_cast<gint64>(GST_MSECOND));
  }
}

/// Where nothing was recorded, playback goes on with what comes next.
TEST_F(Position, InAGapIsThatOfNoFrame) {
  SeekPlayer player(sourceOf(emulator_), "matroskademux", true);
  ASSERT_TRUE(player.preroll());
  ASSERT_NO_FATAL_FAILURE(
      seekTo(player, (kStart + 5'500) * static_cast<gint64>(GST_MSECOND), kAccurate));
  const PlayedFrame shown = player.tracks().at("video_0").frames.front();
  EXPECT_EQ(shown.wallNs, (kStart + 8'000) * static_cast<int64_t>(GST_MSECOND));
  EXPECT_EQ(shown.ptsNs, 8'000 * static_cast<int64_t>(GST_MSECOND));
}

/// Each frame's time by the event before it: wall clock = origin + PTS - time-shift. The greatest
/// shift that there was.
int64_t expectFormula(const Manifest& manifest, const Played& played) {
  std::map<std::string, int64_t> timeOf;
  for (const auto& frame : manifest.frames) {
    timeOf[frame.sha256] = frame.timeMs;
  }
  int64_t greatest = 0;
  const PlayedTrack& track = played.tracks.at("video_0");
  for (size_t i = 0; i < track.frames.size(); ++i) {
    auto event = track.events.begin();
    while (event + 1 != track.events.end() && (event + 1)->framesBefore <= i) {
      ++event;
    }
    const PlayedFrame& frame = track.frames[i];
    const int64_t trueNs = timeOf.at(frame.sha256) * static_cast<int64_t>(GST_MSECOND);
    EXPECT_EQ(frame.wallNs, trueNs) << "frame " << i;
    EXPECT_EQ(static_cast<int64_t>(event->originNs) + frame.ptsNs - event->shiftNs, trueNs)
        << "frame " << i;
    greatest = std::max(greatest, event->shiftNs);
  }
  return greatest;
}

/// The producer's clock went back by 12 s: fragments of 8 s at 0, 4, 8 and 12 s overlap.
TEST(PositionOfOverlaps, PlusOriginLessShiftIsTheWallClock) {
  const EmulatorProcess emulator(R"({"streams": [{"name": "cam1", "recordings": [
      {"width": 160, "height": 120, "fragments": 4, "fragment-duration": 8, "fps": 5,
       "start": "2026-03-01T10:00:00.250Z",
       "restarts": [{"after-fragment": 2, "pause": 0, "clock-step": -12}]}]}]})");
  const Manifest manifest = emulator.manifest("cam1");
  SeekPlayer player(sourceOf(emulator));
  ASSERT_TRUE(player.preroll());
  const Played linear = player.playToEnd();
  ASSERT_EQ(linear.frames(), manifest.frames.size());
  EXPECT_GE(expectFormula(manifest, linear), 3 * static_cast<int64_t>(GST_SECOND));
  EXPECT_EQ(linear.warnings.size(), 3U);

  // A seek goes by true times, and so does what is first behind it.
  ASSERT_TRUE(player.seek(8'400, kAccurate));
  ASSERT_TRUE(player.settle());
  const Played sought = player.playToEnd();
  expectFormula(manifest, sought);
  const PlayedTrack& track = sought.tracks.at("video_0");
  EXPECT_EQ(track.events.front().shiftNs, 0);
  EXPECT_EQ(track.frames.front().ptsNs, 8'000 * static_cast<int64_t>(GST_MSECOND));
  EXPECT_EQ(track.frames.front().wallNs, (kStart + 8'000) * static_cast<int64_t>(GST_MSECOND));
}

}  // namespace
}  // namespace kvsarchive::test
