// SPDX-License-Identifier: LGPL-2.1-or-later
// Elements that play URIs and are given nothing else; endpoint and keys are in the environment.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "support/counting_sink.h"
#include "support/decoded_times.h"
#include "support/emulator_process.h"
#include "support/pipeline_run.h"
#include "support/player_environment.h"
#include "support/seek_player.h"
#include "support/stored_times.h"

namespace kvsarchive::test {
namespace {

/// What came out of sinks.
struct Counts : DecodedCounts {
  GstElement* pipeline = nullptr;
  const char* end = nullptr;  ///< end-timestamp, set by the application
};

void onPad(GstElement*, GstPad* pad, gpointer data) {
  auto* counts = static_cast<Counts*>(data);
  GstElement* sink = makeCountingSink(counts);
  g_object_set(sink, "async", FALSE, nullptr);
  gst_bin_add(GST_BIN(counts->pipeline), sink);
  gst_element_sync_state_with_parent(sink);
  GstPad* sinkPad = gst_element_get_static_pad(sink, "sink");
  gst_pad_link(pad, sinkPad);
  gst_object_unref(sinkPad);
}

void onSource(GstElement*, GstElement* source, gpointer data) {
  if (const char* end = static_cast<Counts*>(data)->end) {
    g_object_set(source, "end-timestamp", end, "trim-end", FALSE, nullptr);
  }
}

class Player : public testing::Test {
 protected:
  static void SetUpTestSuite() { emulator_ = std::make_unique<EmulatorProcess>(kSixSeconds); }
  static void TearDownTestSuite() { emulator_.reset(); }
  static int stored(const char* type) {
    const Manifest manifest = emulator_->manifest("cam1");
    return static_cast<int>(std::count_if(manifest.frames.begin(), manifest.frames.end(),
                                          [&](const auto& f) { return f.trackType == type; }));
  }

  inline static std::unique_ptr<const EmulatorProcess> emulator_;

 private:
  const PlayerEnvironment environment_{emulator_->url()};
};

/// Sinks of its own, or pads to link.
class Elements : public Player, public testing::WithParamInterface<const char*> {
 protected:
  std::string play(const char* uri, Counts* counts) {
    GstElement* element = gst_element_factory_make(GetParam(), nullptr);
    g_object_set(element, "uri", uri, nullptr);
    g_signal_connect(element, "source-setup", G_CALLBACK(onSource), counts);
    counts->pipeline = element;
    if (std::string(GetParam()).compare(0, 7, "playbin") == 0) {
      g_object_set(element, "video-sink", makeCountingSink(counts), "audio-sink",
                   makeCountingSink(counts), nullptr);
      gst_object_ref_sink(element);
    } else {
      g_signal_connect(element, "pad-added", G_CALLBACK(onPad), counts);
      counts->pipeline = GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr)));
      gst_bin_add(GST_BIN(counts->pipeline), element);
    }
    const std::string error = playToEnd(counts->pipeline);
    gst_object_unref(counts->pipeline);
    return error;
  }
};

TEST_P(Elements, PlayEveryFrame) {
  Counts counts;
  EXPECT_EQ(play(kSixSecondsUri, &counts), "");
  EXPECT_EQ(counts.video, 60);
  EXPECT_EQ(counts.audio, stored("audio"));
}

TEST_P(Elements, PlayThePartThatTheUriAsksFor) {
  Counts counts;
  EXPECT_EQ(play("kvs:///cam1?start=2026-03-01T10:00:02Z&end=2026-03-01T10:00:03Z&lead-in=false"
                 "&trim-end=false&timeline=server&selector=producer-timestamp",
                 &counts),
            "");
  EXPECT_EQ(counts.video, 20);
}

TEST_P(Elements, LetTheApplicationSetTheOtherProperties) {
  Counts counts;
  counts.end = "2026-03-01T10:00:02.5Z";
  EXPECT_EQ(play("kvs:///cam1?start=2026-03-01T10:00:00Z", &counts), "");
  EXPECT_EQ(counts.video, 30);
}

TEST_P(Elements, TellWhatIsWrongWithAUri) {
  Counts counts;
  const std::string error = play("kvs:///cam1?start=0&endpoint-url=http://evil", &counts);
  EXPECT_NE(error.find("no key \"endpoint-url\", only start, end"), std::string::npos) << error;
}

TEST_P(Elements, TellWhyAStreamCannotBeRead) {
  Counts counts;
  const std::string error = play("kvs:///none?start=0", &counts);
  EXPECT_NE(error.find("stream is not found"), std::string::npos) << error;
}

INSTANTIATE_TEST_SUITE_P(All, Elements,
                         testing::Values("uridecodebin", "uridecodebin3", "playbin", "playbin3"),
                         [](const auto& test) { return std::string(test.param); });

class TimePlayer : public Player, public testing::WithParamInterface<const char*> {};

TEST_P(TimePlayer, TellsHowFarItCanSeek) {
  SeekPlayer player(GetParam(), kSixSecondsUri);
  ASSERT_TRUE(player.preroll());
  gint64 duration = 0;
  // At first it is the time up to the end of the range, until all is listed. Who asks when told to
  // learns the last.
  GstBus* bus = gst_element_get_bus(player.pipeline());
  while (GstMessage* changed =
             duration != 6 * static_cast<gint64>(GST_SECOND)
                 ? gst_bus_timed_pop_filtered(bus, 10 * GST_SECOND, GST_MESSAGE_DURATION_CHANGED)
                 : nullptr) {
    if (GST_MESSAGE_SRC(changed) == GST_OBJECT(player.source())) {
      EXPECT_TRUE(gst_element_query_duration(player.pipeline(), GST_FORMAT_TIME, &duration));
    }
    gst_message_unref(changed);
  }
  gst_object_unref(bus);
  EXPECT_EQ(duration, 6 * static_cast<gint64>(GST_SECOND));
  GstQuery* query = gst_query_new_seeking(GST_FORMAT_TIME);
  ASSERT_TRUE(gst_element_query(player.pipeline(), query));
  gboolean seekable = FALSE;
  gint64 end = 0;
  gst_query_parse_seeking(query, nullptr, &seekable, nullptr, &end);
  gst_query_unref(query);
  EXPECT_TRUE(seekable);
  EXPECT_EQ(end, duration);
}

TEST_P(TimePlayer, ShowsThePictureOfThePlace) {
  const StoredTimes stored(emulator_->manifest("cam1"));
  SeekPlayer player(GetParam(), kSixSecondsUri);
  ASSERT_TRUE(player.preroll());
  for (const auto& [ms, flags, start] : {std::tuple(3'250, GST_SEEK_FLAG_ACCURATE, 3'250),
                                         std::tuple(900, GST_SEEK_FLAG_KEY_UNIT, 0),
                                         std::tuple(4'999, GST_SEEK_FLAG_KEY_UNIT, 4'000),
                                         std::tuple(5'750, GST_SEEK_FLAG_ACCURATE, 5'750)}) {
    SCOPED_TRACE(ms);
    ASSERT_TRUE(player.seek(ms, GST_SEEK_FLAG_FLUSH | flags));
    ASSERT_TRUE(player.settle());
    Deviation deviation;
    expectDecoded(stored, player.playToEnd(), start, &deviation);
  }
}

INSTANTIATE_TEST_SUITE_P(All, TimePlayer, testing::Values("playbin", "playbin3"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace kvsarchive::test
