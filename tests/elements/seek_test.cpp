// SPDX-License-Identifier: LGPL-2.1-or-later
// Seeks through matroskademux, judged by the frames that come out.
#include <gst/base/gstbasesrc.h>
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "support/emulator_process.h"
#include "support/pipeline_run.h"
#include "support/player.h"
#include "support/seek_player.h"
#include "support/wait_for.h"

namespace kvsarchive::test {
namespace {

constexpr int kKeyUnit = GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT;
constexpr int kAccurate = GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE;
constexpr int kSnapBefore = kKeyUnit | GST_SEEK_FLAG_SNAP_BEFORE;
constexpr int kSnapAfter = kKeyUnit | GST_SEEK_FLAG_SNAP_AFTER;

/// 30 fragments of 2 s from 10:00:00, with 20 s of nothing behind the tenth: media from 0 to 20 and
/// from 40 to 80 s. From the 20th on, at 58 s, pictures have another size.
const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 160, "height": 120, "fragments": 30, "fragment-duration": 2,
     "fps": 10, "audio": [{"codec": "aac"}], "start": "2026-03-01T10:00:00Z",
     "gaps": [{"after-fragment": 10, "seconds": 20}],
     "resolution-changes": [{"at-fragment": 20, "width": 320, "height": 240}]}
    ]}]})";

class Seek : public testing::Test {
 protected:
  GstElement* source() {
    GstElement* element = makeSource(emulator_.url(), "cam1");
    g_object_set(element, "start-timestamp", "2026-03-01T10:00:00Z", "end-timestamp",
                 "2026-03-01T10:10:00Z", "retry-backoff-factor", 0.05, nullptr);
    return element;
  }

  /// Seeks, plays to the end, and checks what came since: from the fragment that covers `from`, in
  /// a segment that starts at `start`.
  void expectSeek(SeekPlayer& player, int64_t ms, int flags, int64_t from, int64_t start) {
    SCOPED_TRACE("seek to " + std::to_string(ms));
    ASSERT_TRUE(player.seek(ms, flags));
    ASSERT_TRUE(player.settle());
    expectPlayedFrom(player, from, start);
  }

  void expectPlayedFrom(SeekPlayer& player, int64_t from, int64_t start) {
    const Played played = player.playToEnd();
    expectFrom(stored_, played, from);
    for (const auto& [name, track] : played.tracks) {
      EXPECT_EQ(track.segment.start, start * GST_MSECOND) << name;
      EXPECT_EQ(track.segment.time, start * GST_MSECOND) << name;
    }
    // What was listed and reached is accounted for, and nothing was lost.
    EXPECT_EQ(played.stats.at("fragments-listed"), played.stats.at("fragments-delivered"));
    EXPECT_TRUE(played.warnings.empty());
  }

  const EmulatorProcess emulator_{kConfig};
  const Manifest stored_ = emulator_.manifest("cam1");
};

struct Case {
  const char* name;
  int64_t ms;
  int flags;
  int64_t from;   ///< the fragment that covers it is first
  int64_t start;  ///< of the segment
};

class SeekTo : public Seek, public testing::WithParamInterface<Case> {};

TEST_P(SeekTo, BringsTheRightFrames) {
  const Case& wanted = GetParam();
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  expectSeek(player, wanted.ms, wanted.flags, wanted.from, wanted.start);
}

// Cues are a second apart.
INSTANTIATE_TEST_SUITE_P(All, SeekTo,
                         testing::Values(Case{"KeyUnit", 11'300, kKeyUnit, 11'000, 11'000},
                                         Case{"Plain", 11'300, GST_SEEK_FLAG_FLUSH, 11'000, 11'300},
                                         Case{"Accurate", 11'300, kAccurate, 11'000, 11'300},
                                         Case{"SnapBefore", 11'300, kSnapBefore, 11'000, 11'000},
                                         Case{"SnapAfter", 11'300, kSnapAfter, 12'000, 12'000},
                                         Case{"EdgeOfFragment", 12'000, kKeyUnit, 12'000, 12'000},
                                         Case{"Beginning", 0, kKeyUnit, 0, 0},
                                         Case{"SecondFrame", 100, kAccurate, 0, 100},
                                         Case{"LastFragment", 79'900, kAccurate, 79'000, 79'900},
                                         Case{"Gap", 30'000, kKeyUnit, 30'000, 30'000},
                                         Case{"GapAccurate", 30'500, kAccurate, 30'000, 30'500},
                                         Case{"BehindTheGap", 40'000, kAccurate, 40'000, 40'000},
                                         Case{"OtherSize", 70'000, kKeyUnit, 70'000, 70'000}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_F(Seek, BackAndForth) {
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  for (const int64_t ms : {70'000, 3'000, 50'000, 0, 18'000}) {
    ASSERT_TRUE(player.seek(ms));
    ASSERT_TRUE(player.settle());
    ASSERT_TRUE(player.playFrames(10));
  }
  expectSeek(player, 5'000, kKeyUnit, 5'000, 5'000);
  // After the end too.
  expectSeek(player, 61'000, kKeyUnit, 61'000, 61'000);
  expectSeek(player, 0, kAccurate, 0, 0);
}

TEST_F(Seek, CapsAreThoseOfThePlace) {
  const auto heightOf = [](const Played& played) {
    const std::string& caps = played.first(true)->caps.back();
    return caps.substr(caps.find("height=(int)") + 12, 3);
  };
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  ASSERT_TRUE(player.seek(70'000));
  EXPECT_EQ(heightOf(player.playToEnd()), "240");
  ASSERT_TRUE(player.seek(1'000));
  ASSERT_TRUE(player.settle());
  Played played;
  ASSERT_TRUE(player.playFrames(1));
  played.tracks = player.tracks();
  EXPECT_EQ(heightOf(played).substr(0, 3), "120");
}

TEST_F(Seek, PastTheEndIsTheEnd) {
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  ASSERT_TRUE(player.seek(3'600'000));
  ASSERT_TRUE(player.settle());
  const Played played = player.playToEnd();
  EXPECT_TRUE(played.eos);
  EXPECT_FALSE(played.error) << played.error->message;
  for (const auto& [name, track] : played.tracks) {
    for (const auto& frame : track.frames) {
      EXPECT_GE(frame.ptsNs, 78'000 * static_cast<int64_t>(GST_MSECOND));
    }
  }
  expectSeek(player, 4'000, kKeyUnit, 4'000, 4'000);
}

TEST_F(Seek, ASeekOfSeveralSinksIsOne) {
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  expectSeek(player, 11'300, kKeyUnit, 11'000, 11'000);
  EXPECT_EQ(player.byteSeeks(), 1);
}

TEST_F(Seek, OfRapidSeeksTheLastCounts) {
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(player.seek(i * 3'000 % 19'000));
  }
  expectSeek(player, 13'000, kKeyUnit, 13'000, 13'000);
}

TEST_F(Seek, BackwardsIsRefusedAndPlaybackGoesOn) {
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  EXPECT_FALSE(player.seek(10'000, kKeyUnit, -1));
  EXPECT_FALSE(gst_element_seek(player.source(), -1, GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH,
                                GST_SEEK_TYPE_SET, 5000, GST_SEEK_TYPE_NONE, -1));
  EXPECT_EQ(player.byteSeeks(), 0);
  expectPlayedFrom(player, 0, 0);
}

/// Basesrc would count the bytes up to a stop, and keep it for the seeks that follow.
TEST_F(Seek, StopsAndSegmentsAreRefusedAndPlaybackGoesOn) {
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  EXPECT_FALSE(gst_element_seek(player.source(), 1, GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH,
                                GST_SEEK_TYPE_SET, 5000, GST_SEEK_TYPE_SET, 9000));
  EXPECT_FALSE(
      gst_element_seek(player.source(), 1, GST_FORMAT_BYTES,
                       static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_SEGMENT),
                       GST_SEEK_TYPE_SET, 5000, GST_SEEK_TYPE_NONE, -1));
  expectPlayedFrom(player, 0, 0);
}

TEST_F(Seek, WithoutAFlushIsRefusedAndPlaybackGoesOn) {
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  EXPECT_FALSE(
      gst_element_seek_simple(player.source(), GST_FORMAT_BYTES, GST_SEEK_FLAG_NONE, 5000));
  EXPECT_FALSE(player.seek(13'000, GST_SEEK_FLAG_KEY_UNIT));
  expectPlayedFrom(player, 0, 0);
}

/// Only who has read the document's cues knows its bytes.
TEST_F(Seek, InAnotherFormatIsRefusedAndPlaybackGoesOn) {
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  GstPad* pad = gst_element_get_static_pad(player.source(), "src");
  for (const GstFormat format : {GST_FORMAT_TIME, GST_FORMAT_DEFAULT, GST_FORMAT_PERCENT}) {
    SCOPED_TRACE(gst_format_get_name(format));
    EXPECT_FALSE(
        gst_element_seek_simple(player.source(), format, GST_SEEK_FLAG_FLUSH, 13 * GST_SECOND));
    EXPECT_FALSE(gst_pad_send_event(
        pad, gst_event_new_seek(1, format, GST_SEEK_FLAG_FLUSH, GST_SEEK_TYPE_SET, 13 * GST_SECOND,
                                GST_SEEK_TYPE_NONE, -1)));
  }
  gst_object_unref(pad);
  EXPECT_EQ(player.byteSeeks(), 0);
  expectPlayedFrom(player, 0, 0);
}

TEST_F(Seek, DoesNotReviveARunThatEndedInAnError) {
  emulator_.setFaults(R"({"faults": [{"kind": "cut", "at": "mid-block", "fragment": ")" +
                      stored_.fragments[4].number + R"("}]})");
  GstElement* element = source();
  g_object_set(element, "retries", 0, nullptr);
  SeekPlayer player(element);
  const Played first = player.playToEnd();
  ASSERT_TRUE(first.error);
  EXPECT_GT(first.frames(), 0U);
  emulator_.setFaults(R"({"faults": []})");
  player.seek(0);
  const Played second = player.playToEnd();
  EXPECT_TRUE(second.eos);
  EXPECT_EQ(second.frames(), 0U);
}

TEST_F(Seek, FasterIsNoOtherSeek) {
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  ASSERT_TRUE(player.seek(45'000, kKeyUnit, 2));
  ASSERT_TRUE(player.settle());
  const Played played = player.playToEnd();
  expectFrom(stored_, played, 45'000);
  EXPECT_EQ(played.first(true)->segment.rate, 2);
}

/// A picture each 250 ms of real time: 8 s of media at this rate, and nothing else is asked for.
TEST_F(Seek, KeyUnitsInPassingFetchOnlyTheirFragments) {
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  ASSERT_TRUE(player.playToEnd().eos);  // so that nothing of that is asked for any more
  const size_t before = emulator_.requests().size();
  ASSERT_TRUE(player.seek(1'000, kKeyUnit | GST_SEEK_FLAG_TRICKMODE_KEY_UNITS, 32));
  ASSERT_TRUE(player.settle());
  const Played played = player.playToEnd();
  ASSERT_TRUE(played.eos);
  std::vector<int64_t> shown;
  for (const auto& frame : played.first(true)->frames) {
    EXPECT_TRUE(frame.key);
    shown.push_back(frame.ptsNs / static_cast<int64_t>(GST_MSECOND));
  }
  EXPECT_EQ(shown,
            (std::vector<int64_t>{0, 8'000, 16'000, 40'000, 48'000, 56'000, 64'000, 72'000}));
  uint64_t received = 0;
  const auto requests = emulator_.requests();
  for (size_t i = before; i < requests.size(); ++i) {
    received += requests[i].operation == "GetMediaForFragmentList" ? requests[i].bytes : 0;
  }
  uint64_t wanted = 0;
  for (const auto& fragment : stored_.fragments) {
    const int64_t ms = fragment.producerMs - stored_.fragments.front().producerMs;
    wanted += std::find(shown.begin(), shown.end(), ms) != shown.end() ? fragment.sizeBytes : 0;
  }
  EXPECT_EQ(received, wanted);
  expectSeek(player, 61'000, kKeyUnit, 61'000, 61'000);
}

TEST_F(Seek, IsRefusedBeforeTheFirstFrame) {
  emulator_.setFaults(
      R"({"faults": [{"kind": "latency", "operation": "ListFragments", "ms": 300}]})");
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* element = source();
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  gst_bin_add_many(GST_BIN(pipeline), element, sink, nullptr);
  gst_element_link(element, sink);
  EXPECT_FALSE(gst_element_seek_simple(element, GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH, 5000));
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  EXPECT_FALSE(gst_element_seek_simple(pipeline, GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH, 5000));
  EXPECT_EQ(waitForEnd(pipeline), "");
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

enum class Early { kAtTheDemuxer, kBehindAQueue, kOfTheSource };

/// matroskademux puts seeks off until there are media. Another one after that leads where it
/// should.
class EarlySeek : public Seek, public testing::WithParamInterface<Early> {};

TEST_P(EarlySeek, DoesNotMoveTheZeroOfTime) {
  SeekPlayer player(source());
  GstPad* out = gst_element_get_static_pad(player.source(), "src");
  GstPad* pad = gst_pad_get_peer(out);  // the demuxer's
  if (GetParam() != Early::kAtTheDemuxer) {
    GstElement* queue = gst_element_factory_make("queue", nullptr);
    gst_bin_add(GST_BIN(player.pipeline()), queue);
    gst_pad_unlink(out, pad);
    gst_element_link(player.source(), queue);
    GstPad* queued = gst_element_get_static_pad(queue, "src");
    gst_pad_link(queued, pad);
    gst_object_unref(queued);
  }
  gst_object_unref(out);
  struct Hold {
    std::atomic<int> buffers{0};
    std::atomic<bool> over{false};
  } hold;
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* held, GstPadProbeInfo*, gpointer data) {
        auto* waiting = static_cast<Hold*>(data);
        if (++waiting->buffers == 2) {  // the first block
          waitFor([&] { return waiting->over || GST_PAD_IS_FLUSHING(held); });
        }
        return GST_PAD_PROBE_OK;
      },
      &hold, nullptr);
  gst_object_unref(pad);
  gst_element_set_state(player.pipeline(), GST_STATE_PAUSED);
  EXPECT_TRUE(waitFor([&] { return hold.buffers >= 2; }));
  if (GetParam() == Early::kOfTheSource) {
    EXPECT_TRUE(
        gst_element_seek_simple(player.source(), GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH, 5000));
  } else {
    EXPECT_TRUE(player.seek(45'000));
  }
  hold.over = true;
  ASSERT_TRUE(player.preroll());
  expectSeek(player, 13'000, kKeyUnit, 13'000, 13'000);
}

std::string nameOf(const testing::TestParamInfo<Early>& test) {
  switch (test.param) {
    case Early::kAtTheDemuxer:
      return "AtTheDemuxer";
    case Early::kBehindAQueue:
      return "BehindAQueue";
    case Early::kOfTheSource:
      return "OfTheSource";
  }
  return "";
}

INSTANTIATE_TEST_SUITE_P(All, EarlySeek,
                         testing::Values(Early::kAtTheDemuxer, Early::kBehindAQueue,
                                         Early::kOfTheSource),
                         nameOf);

/// Seeks in a demuxer, on its streaming thread.
struct Seeker {
  GstElement* demuxer;
  int framesLeft;  ///< of video until then
  bool done = false;
};

GstPadProbeReturn seekAtFrame(GstPad*, GstPadProbeInfo*, gpointer data) {
  auto* seeker = static_cast<Seeker*>(data);
  if (--seeker->framesLeft == 0) {
    GstEvent* seek = gst_event_new_seek(1, GST_FORMAT_TIME, static_cast<GstSeekFlags>(kKeyUnit),
                                        GST_SEEK_TYPE_SET, 13 * GST_SECOND, GST_SEEK_TYPE_NONE, 0);
    seeker->done = gst_element_send_event(seeker->demuxer, seek) != FALSE;
  }
  return GST_PAD_PROBE_OK;
}

void watchVideo(GstElement*, GstPad* pad, gpointer seeker) {
  if (g_str_has_prefix(GST_PAD_NAME(pad), "video") != FALSE) {
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, seekAtFrame, seeker, nullptr);
  }
}

/// What the source has in hand then must not come behind the flush.
TEST_F(Seek, OnTheStreamingThread) {
  for (const int at : {31, 57, 120}) {
    SCOPED_TRACE("at frame " + std::to_string(at));
    Seeker seeker{nullptr, at};  // outlives the player
    SeekPlayer player(source());
    seeker.demuxer = player.demuxer();
    g_signal_connect(player.demuxer(), "pad-added", G_CALLBACK(watchVideo), &seeker);
    ASSERT_TRUE(player.preroll());
    expectPlayedFrom(player, 13'000, 13'000);
    EXPECT_TRUE(seeker.done);
  }
}

/// A fault that stops what a first seek asks for, and where.
class SeekWhile : public Seek,
                  public testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(SeekWhile, AnotherSeekGoesOn) {
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  emulator_.setFaults(std::string(R"({"faults": [{)") + GetParam().second + "}]}");
  const size_t before = emulator_.requests().size();
  ASSERT_TRUE(player.seek(45'000));
  EXPECT_TRUE(waitFor([&] { return emulator_.requests().size() > before; }));
  g_usleep(50'000);  // until it hangs there
  emulator_.setFaults(R"({"faults": []})");
  const gint64 asked = g_get_monotonic_time();
  expectSeek(player, 62'500, kKeyUnit, 62'000, 62'000);
  EXPECT_LT(g_get_monotonic_time() - asked, 10 * G_TIME_SPAN_SECOND);
  // What the first one asked for is not received on.
  for (const LoggedRequest& request : emulator_.requests()) {
    EXPECT_TRUE(request.finished) << request.operation;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, SeekWhile,
    testing::Values(
        std::pair(
            "Asking",
            R"("kind": "stall", "operation": "GetMediaForFragmentList", "stage": "before-headers")"),
        std::pair("Fetching",
                  R"("kind": "stall", "operation": "GetMediaForFragmentList", "at": "mid-block")"),
        std::pair("Retrying", R"("kind": "status", "operation": "GetMediaForFragmentList")")),
    [](const auto& test) { return std::string(test.param.first); });

/// What a network does to a seek now and then.
const char* const kRandomFaults = R"({"faults": [
    {"kind": "latency", "operation": "ListFragments", "ms": 40, "request": 2},
    {"kind": "cut", "operation": "GetMediaForFragmentList", "at": "mid-block", "request": 3},
    {"kind": "status", "operation": "ListFragments", "request": 5},
    {"kind": "throttle", "operation": "GetMediaForFragmentList", "request": 6},
    {"kind": "reset", "operation": "GetMediaForFragmentList", "at": "first-byte", "request": 9}
  ]})";

/// What people type first: an old recording, and no end.
TEST_F(Seek, InARangeOfMonthsLandsAsNearAtItsBeginning) {
  GstElement* element = source();
  g_object_set(element, "end-timestamp", nullptr, nullptr);
  SeekPlayer player(element);
  ASSERT_TRUE(player.preroll());
  for (const int64_t ms : {60'400, 5600, 79'900}) {
    expectSeek(player, ms, kKeyUnit, cueBefore(ms), cueBefore(ms));
  }
}

/// Fifty, or as many as the environment says, for long runs outside of the suite.
TEST_F(Seek, AtRandomOverAnUnreliableNetwork) {
  const char* const wanted = g_getenv("KVSARCHIVE_RANDOM_SEEKS");
  const int seeks = wanted != nullptr ? std::atoi(wanted) : 50;
  std::mt19937 random(20260301);
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  for (int i = 0; i < seeks; ++i) {
    const auto ms = static_cast<int64_t>(random() % 80'000);
    const bool isAccurate = random() % 2 == 0;
    SCOPED_TRACE(std::to_string(i) + ": " + std::to_string(ms));
    if (i % 5 == 0) {
      emulator_.setFaults(kRandomFaults);
    }
    ASSERT_TRUE(player.seek(ms, isAccurate ? kAccurate : kKeyUnit));
    if (i % 10 == 9) {
      ASSERT_TRUE(player.settle());
      expectPlayedFrom(player, cueBefore(ms), isAccurate ? ms : cueBefore(ms));
    } else if (random() % 3 > 0) {
      ASSERT_TRUE(player.settle());
      ASSERT_TRUE(player.playFrames(1 + random() % 20));
    }
    ASSERT_FALSE(HasFailure());
  }
}

/// Basesrc would end the stream at the size that it is told.
TEST(SeekOfLargeMedia, EveryFrameComesThoughTheDocumentIsSaidToBeSmall) {
  const EmulatorProcess emulator(R"({"streams": [{"name": "cam1", "recordings": [
      {"type": "bulk", "fragments": 10, "fragment-size": 1000000, "frame-size": 10000}]}]})");
  const auto fragments = emulator.manifest("cam1").fragments;
  const auto seconds = [](int64_t ms) { return std::to_string(ms / 1000); };
  GstElement* element = makeSource(emulator.url(), "cam1");
  g_object_set(element, "start-timestamp", seconds(fragments.front().producerMs).c_str(),
               "end-timestamp", seconds(fragments.back().producerMs + 5000).c_str(), nullptr);
  SeekPlayer player(element);
  ASSERT_TRUE(player.preroll());
  gint64 size = 0;
  GstPad* pad = gst_element_get_static_pad(element, "src");
  ASSERT_TRUE(gst_pad_query_duration(pad, GST_FORMAT_BYTES, &size));
  gst_object_unref(pad);
  EXPECT_LT(size, 100'000);
  auto* base = GST_BASE_SRC_CAST(element);
  GST_OBJECT_LOCK(base);
  base->segment.duration = size;  // as if basesrc had asked, which it does now and then
  GST_OBJECT_UNLOCK(base);
  const Played linear = player.playToEnd();
  EXPECT_TRUE(linear.eos);
  EXPECT_EQ(linear.frames(), linear.stats.at("frames-delivered"));
  EXPECT_GT(linear.stats.at("bytes-received"), 9'900'000U);
  ASSERT_TRUE(player.seek(fragments[5].producerMs - fragments[0].producerMs));
  ASSERT_TRUE(player.settle());
  EXPECT_EQ(player.playToEnd().frames(), linear.frames() / 2);
}

/// Milliseconds until the first frame of a seek is in the sinks, median.
gint64 seekTime(SeekPlayer& player, int64_t from, int64_t stepMs) {
  std::vector<gint64> times;
  for (int i = 0; i < 9; ++i) {
    const gint64 asked = g_get_monotonic_time();
    EXPECT_TRUE(player.seek(from + i * stepMs));
    EXPECT_TRUE(player.settle());
    times.push_back((g_get_monotonic_time() - asked) / 1000);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

/// So long that not all of it is listed at the beginning.
const char* const kFourHours = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "bulk", "duration": 14400, "fragment-duration": 2, "fragment-size": 50000,
     "start": "2026-03-01T10:00:00Z"}]}]})";

GstElement* fourHoursSource(const EmulatorProcess& emulator) {
  GstElement* element = makeSource(emulator.url(), "cam1");
  g_object_set(element, "start-timestamp", "2026-03-01T10:00:00Z", "end-timestamp",
               "2026-03-01T14:00:00Z", nullptr);
  return element;
}

/// Every request takes 100 ms: a seek takes as many of them as it needs requests, one where the
/// place is listed. Many in a row too: none uses up quota that the next one needs.
TEST(SeekLatency, IsThatOfOneRequestWhereThePlaceIsKnownElseOfTwo) {
  EmulatorProcess emulator(kFourHours);
  emulator.setFaults(R"({"faults": [{"kind": "latency", "ms": 100}]})");
  SeekPlayer player(fourHoursSource(emulator));
  ASSERT_TRUE(player.preroll());
  const gint64 unknown = seekTime(player, 13'000'000, -600'000);
  const gint64 known = seekTime(player, 8'206'000, 3'000);
  RecordProperty("unknown-ms", static_cast<int>(unknown));
  RecordProperty("known-ms", static_cast<int>(known));
  EXPECT_GE(unknown, 200);
  EXPECT_GE(known, 100);
}

/// The next lists are answered, those behind them are not.
void answerLists(const EmulatorProcess& emulator, int count) {
  emulator.setFaults(R"({"faults": [{"kind": "stall", "operation": "ListFragments",
      "stage": "before-headers", "count": 1000, "request": )" +
                     std::to_string(count + 1) + "}]}");
}

bool waitForStall(const EmulatorProcess& emulator) {
  const auto isStalled = [](const LoggedRequest& r) { return r.spoilt && !r.finished; };
  return waitFor(
      [&] {
        const auto requests = emulator.requests();
        return std::any_of(requests.begin(), requests.end(), isStalled);
      },
      std::chrono::seconds(20));
}

TEST(SeekLatency, NeedsOneListWhereThePlaceIsUnknownElseNone) {
  const EmulatorProcess emulator(kFourHours);
  SeekPlayer player(fourHoursSource(emulator));
  ASSERT_TRUE(player.preroll());
  answerLists(emulator, 0);
  for (const int64_t ms : {13'000'000, 12'400'000, 11'800'000, 8'200'000}) {
    SCOPED_TRACE(ms);
    ASSERT_TRUE(waitForStall(emulator));  // so that nothing is listed in between
    const size_t before = emulator.countRequests("ListFragments");
    answerLists(emulator, 1);
    ASSERT_TRUE(player.seek(ms));
    ASSERT_TRUE(player.settle());
    EXPECT_GT(emulator.countRequests("ListFragments"), before);
  }
  answerLists(emulator, 0);
  for (const int64_t ms : {8'206'000, 8'209'000, 8'230'000, 8'203'000}) {
    SCOPED_TRACE(ms);
    ASSERT_TRUE(player.seek(ms));
    ASSERT_TRUE(player.settle());
  }
}

TEST(SeekWhileListing, AnotherSeekGoesOn) {
  EmulatorProcess emulator(kFourHours);
  SeekPlayer player(fourHoursSource(emulator));
  ASSERT_TRUE(player.preroll());
  size_t before = 0;
  do {  // until what is listed ahead is there
    before = emulator.countRequests("ListFragments");
    g_usleep(200'000);
  } while (emulator.countRequests("ListFragments") > before);
  emulator.setFaults(R"({"faults": [
      {"kind": "stall", "operation": "ListFragments", "stage": "before-headers"}]})");
  ASSERT_TRUE(player.seek(13'000'000));
  ASSERT_TRUE(waitFor([&] { return emulator.countRequests("ListFragments") > before; }));
  emulator.setFaults(R"({"faults": []})");
  const gint64 asked = g_get_monotonic_time();
  ASSERT_TRUE(player.seek(8'206'000));
  ASSERT_TRUE(player.settle());
  EXPECT_LT(g_get_monotonic_time() - asked, 10 * G_TIME_SPAN_SECOND);
  ASSERT_TRUE(player.playFrames(1));
  const int64_t first = player.tracks().begin()->second.frames.front().ptsNs / 1'000'000;
  EXPECT_LE(first, 8'206'000);
  EXPECT_GE(first, 8'206'000 - 4'000 - 2'000);  // a cue and a fragment
}

/// Where the recording begins is known: what lies before it is not looked through again.
TEST(SeekLatency, BackToTheBeginningDoesNotListTheEmptyYearsBeforeIt) {
  const EmulatorProcess emulator(R"({"streams": [{"name": "cam1", "recordings": [
      {"type": "bulk", "duration": 20000, "fragment-duration": 2, "fragment-size": 20000,
       "start": "2026-03-01T10:00:00Z"}]}]})");
  GstElement* element = makeSource(emulator.url(), "cam1");
  g_object_set(element, "start-timestamp", "2016-03-01T10:00:00Z", "end-timestamp",
               "2026-03-01T16:00:00Z", nullptr);
  SeekPlayer player(element);
  ASSERT_TRUE(player.preroll());
  ASSERT_TRUE(player.seek(15'000'000));  // what was listed at the beginning is forgotten
  ASSERT_TRUE(player.settle());
  const size_t before = emulator.requests().size();
  ASSERT_TRUE(player.seek(0));
  ASSERT_TRUE(player.settle());
  const auto requests = emulator.requests();
  const auto lists =
      std::count_if(requests.begin() + static_cast<std::ptrdiff_t>(before), requests.end(),
                    [](const auto& request) { return request.operation == "ListFragments"; });
  EXPECT_LE(lists, 5);  // with those ahead; through the empty years they are 35
  ASSERT_TRUE(player.playFrames(1));
  EXPECT_EQ(player.tracks().begin()->second.frames.front().ptsNs, 0);
}

/// While it plays, too: seeks are followed from where it is.
TEST_F(Seek, WhilePlaying) {
  SeekPlayer player(source());
  ASSERT_TRUE(player.preroll());
  for (const int64_t ms : {70'000, 3'000, 50'000, 18'000}) {
    ASSERT_TRUE(player.playFrames(5));
    ASSERT_TRUE(gst_element_seek_simple(player.pipeline(), GST_FORMAT_TIME,
                                        static_cast<GstSeekFlags>(kKeyUnit), ms * GST_MSECOND));
  }
  ASSERT_TRUE(player.settle());
  expectSeek(player, 64'000, kKeyUnit, 64'000, 64'000);
}

TEST_F(Seek, WithoutCuesThereIsNone) {
  GstElement* element = source();
  g_object_set(element, "seekable", FALSE, nullptr);
  SeekPlayer player(element);
  ASSERT_TRUE(player.preroll());
  EXPECT_FALSE(player.seek(10'000));
  expectPlayedFrom(player, 0, 0);
}

TEST_F(Seek, TheDocumentsBeginningIsAPlaceToo) {
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* element = source();
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  gst_bin_add_many(GST_BIN(pipeline), element, sink, nullptr);
  gst_element_link(element, sink);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  gst_message_unref(gst_bus_timed_pop_filtered(bus, 20 * GST_SECOND, GST_MESSAGE_EOS));
  gst_element_set_state(pipeline, GST_STATE_PAUSED);
  ASSERT_TRUE(gst_element_seek_simple(pipeline, GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH, 0));
  ASSERT_EQ(gst_element_get_state(pipeline, nullptr, nullptr, 20 * GST_SECOND),
            GST_STATE_CHANGE_SUCCESS);
  GstSample* sample = nullptr;
  g_object_get(sink, "last-sample", &sample, nullptr);
  GstMapInfo map;
  ASSERT_TRUE(gst_buffer_map(gst_sample_get_buffer(sample), &map, GST_MAP_READ));
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(map.data), 4), "\x1A\x45\xDF\xA3");
  gst_buffer_unmap(gst_sample_get_buffer(sample), &map);
  gst_sample_unref(sample);
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

}  // namespace
}  // namespace kvsarchive::test
