// SPDX-License-Identifier: LGPL-2.1-or-later
// The wall clock of every frame, in front of decoders and behind them, before and after seeks. What
// is right is told by the emulator: by content of a block, or by the number painted into a picture.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "support/decoded_times.h"
#include "support/emulator_process.h"
#include "support/expectation.h"
#include "support/player.h"
#include "support/player_environment.h"
#include "support/recordings.h"
#include "support/seek_player.h"
#include "support/stored_times.h"

namespace kvsarchive::test {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;
constexpr int kKeyUnit = GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT;
constexpr int kAccurate = GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE;

/// From a frame to where a seek leads: into the frame or a later one, and far enough from a cue,
/// for matroskademux takes the one before if AAC needs frames in front of the place.
constexpr int64_t kAhead = 113;

/// From the beginning, and after seeks in both directions.
void expectWallClocks(SeekPlayer& player, const StoredTimes& stored, Deviation* deviation) {
  ASSERT_TRUE(player.preroll());
  ASSERT_NO_FATAL_FAILURE(expectDecoded(stored, player.playToEnd(), 0, deviation));
  const int64_t middle = stored.positionAt(0.5) + kAhead;
  ASSERT_TRUE(player.seek(middle, kAccurate));
  ASSERT_TRUE(player.settle());
  ASSERT_NO_FATAL_FAILURE(expectDecoded(stored, player.playToEnd(), middle, deviation));
  const int64_t cue = cueBefore(stored.positionAt(0.25));
  ASSERT_TRUE(player.seek(stored.positionAt(0.25), kKeyUnit));
  ASSERT_TRUE(player.settle());
  ASSERT_NO_FATAL_FAILURE(expectDecoded(stored, player.playToEnd(), cue, deviation));
}

void print(const Deviation& deviation) {
  std::printf("wall clock off by %lld ns, PTS by %lld ns at the most, %zu decoded frames\n",
              static_cast<long long>(deviation.wall), static_cast<long long>(deviation.pts),
              deviation.frames);
}

/// A range that holds all of `manifest`, with an end near enough for cues every second.
GstElement* sourceOf(const EmulatorProcess& emulator, const Manifest& manifest, bool server) {
  GstElement* source = makeSource(emulator.url(), "cam1");
  int64_t last = 0;
  for (const auto& fragment : manifest.fragments) {
    last = std::max(last, fragment.producerMs);
  }
  g_object_set(source, "end-timestamp", std::to_string(last / 1000 + 600).c_str(), nullptr);
  if (server) {
    gst_util_set_object_arg(G_OBJECT(source), "timeline", "server");
    gst_util_set_object_arg(G_OBJECT(source), "fragment-selector-type", "server-timestamp");
  }
  return source;
}

/// Of the media that is first behind a seek to a cue: of the fragment that covers it, or ended not
/// long before, for listed lengths can be too short.
int64_t mediaFrom(const Manifest& manifest, int64_t origin, int64_t cueMs) {
  int64_t fromMs = cueMs;
  for (const auto& fragment : manifest.fragments) {
    const int64_t beginMs = fragment.producerMs - origin;
    if (beginMs <= cueMs && beginMs + fragment.lengthMs + 1000 >= cueMs) {
      fromMs = beginMs;
    }
  }
  return fromMs;
}

class WallClock : public testing::TestWithParam<Recording> {
 protected:
  void expectDecodedTimes(const char* clock, const Manifest& stored, bool server) {
    SCOPED_TRACE(clock);
    SeekPlayer player(sourceOf(emulator_, stored, server), "matroskademux", true);
    Deviation deviation;
    expectWallClocks(player, StoredTimes(stored), &deviation);
    std::printf("%s, %s's clock: ", GetParam().name, clock);
    print(deviation);
  }

  const EmulatorProcess emulator_{configOf(GetParam())};
};

TEST_P(WallClock, IsExactOnEveryDecodedFrame) {
  const Manifest stored = emulator_.manifest("cam1");
  expectDecodedTimes("producer", stored, false);
  expectDecodedTimes("server", byServersClock(stored), true);
}

TEST_P(WallClock, IsExactOnEveryDemuxedFrameByTheServersClock) {
  ExpectOptions options;
  options.serverTimeline = true;
  const Manifest manifest = emulator_.manifest("cam1");
  const Manifest stored = byServersClock(manifest);
  expectPlayed(manifest, play(sourceOf(emulator_, stored, true)), options);
  const StoredTimes times(stored);
  if (times.tracks.size() > 1 && times.tracks.count("video_0") == 0) {
    return;  // the check below knows one track of each type
  }
  SeekPlayer player(sourceOf(emulator_, stored, true));
  ASSERT_TRUE(player.preroll());
  const int64_t middle = times.positionAt(0.5) + kAhead;
  ASSERT_TRUE(player.seek(middle, kAccurate));
  ASSERT_TRUE(player.settle());
  expectFrom(stored, player.playToEnd(), mediaFrom(stored, times.origin, cueBefore(middle)));
}

INSTANTIATE_TEST_SUITE_P(All, WallClock, testing::ValuesIn(kRecordings),
                         [](const auto& test) { return std::string(test.param.name); });

/// B-frames and sound, a gap of 5 s, a producer that began again after half a second.
const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 160, "height": 120, "fragments": 12, "fragment-duration": 1,
     "fps": 10, "b-frames": 2, "audio": [{"codec": "aac"}], "start": "2026-03-01T10:00:00.250Z",
     "gaps": [{"after-fragment": 3, "seconds": 5}],
     "restarts": [{"after-fragment": 7, "timecodes": "zero", "pause": 0.5}]}]}]})";

/// Who plugs demuxer and decoders by itself.
class WallClockThrough : public testing::TestWithParam<const char*> {
 protected:
  const EmulatorProcess emulator_{kConfig};
  const Manifest stored_ = emulator_.manifest("cam1");
  const PlayerEnvironment environment_{emulator_.url()};
};

class Decoder : public WallClockThrough {};
class Player : public WallClockThrough {};

TEST_P(Decoder, KeepsWallClocks) {
  SeekPlayer player(sourceOf(emulator_, stored_, false), GetParam());
  Deviation deviation;
  expectWallClocks(player, StoredTimes(stored_), &deviation);
  print(deviation);
}

TEST_P(Decoder, HandsOnEventsOfFragments) {
  SeekPlayer player(sourceOf(emulator_, stored_, false), GetParam());
  ASSERT_TRUE(player.preroll());
  const Played played = player.playToEnd();
  ASSERT_NE(played.first(true), nullptr);
  const auto& events = played.first(true)->events;
  ASSERT_EQ(events.size(), stored_.fragments.size());
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].number, stored_.fragments[i].number) << i;
  }
}

TEST_P(Player, KeepsWallClocks) {
  SeekPlayer player(GetParam(), "kvs:///cam1?start=2026-03-01T10:00:00Z&end=2026-03-01T10:10:00Z");
  Deviation deviation;
  expectWallClocks(player, StoredTimes(stored_), &deviation);
  print(deviation);
}

INSTANTIATE_TEST_SUITE_P(All, Decoder, testing::Values("decodebin", "decodebin3"),
                         [](const auto& test) { return std::string(test.param); });
INSTANTIATE_TEST_SUITE_P(All, Player,
                         testing::Values("playbin", "playbin3", "uridecodebin", "uridecodebin3"),
                         [](const auto& test) { return std::string(test.param); });

struct Sample {
  const char* name;
  const char* file;
};

class WallClockOfRealSamples : public testing::TestWithParam<Sample> {};

/// Nothing is painted into their pictures, so that it is their order that tells which is which.
TEST_P(WallClockOfRealSamples, IsExactOnEveryDecodedFrame) {
  const std::string path =
      std::string(std::getenv("KVSARCHIVE_SHARED_DATA")) + "/getmedia/" + GetParam().file;
  if (g_file_test(path.c_str(), G_FILE_TEST_EXISTS) == FALSE) {
    GTEST_SKIP() << path << " is not there";
  }
  const EmulatorProcess emulator(
      R"({"streams": [{"name": "cam1", "recordings": [{"type": "raw", "path": ")" + path +
      R"("}]}]})");
  for (const bool server : {false, true}) {
    const Manifest manifest = emulator.manifest("cam1");
    const Manifest stored = server ? byServersClock(manifest) : manifest;
    const auto times = StoredTimes(stored).tracks.at("video_0");
    SeekPlayer demuxed(sourceOf(emulator, stored, server));
    ASSERT_TRUE(demuxed.preroll());
    expectFrom(stored, demuxed.playToEnd(), 0);
    SeekPlayer player(sourceOf(emulator, stored, server), "matroskademux", true);
    ASSERT_TRUE(player.preroll());
    const Played played = player.playToEnd();
    ASSERT_TRUE(played.eos);
    Deviation deviation;
    size_t next = 0;
    for (const PlayedFrame& frame : played.tracks.at("video_0").frames) {
      ASSERT_EQ(frame.wallsNs.size(), 1U);
      ASSERT_EQ(frame.wallNs, times[next].ms * kNanosPerMilli) << "picture " << next;
      deviation.note(frame.wallNs - times[next].ms * kNanosPerMilli,
                     frame.ptsNs - (times[next].ms - times[0].ms) * kNanosPerMilli);
      ++next;
    }
    EXPECT_EQ(next, times.size());
    std::printf("%s, %s's clock: ", GetParam().name, server ? "server" : "producer");
    print(deviation);
  }
}

INSTANTIATE_TEST_SUITE_P(All, WallClockOfRealSamples,
                         testing::Values(Sample{"Plain", "output_get_media.mkv"},
                                         Sample{"FallingTimecodes",
                                                "output-get-media-non-increasing-timecode.mkv"}),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace kvsarchive::test
