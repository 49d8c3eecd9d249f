// SPDX-License-Identifier: LGPL-2.1-or-later
// How the element behaves towards GStreamer: events, messages, queries, decoders, command line.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "support/emulator_process.h"
#include "support/expectation.h"
#include "support/pipeline_run.h"
#include "support/player.h"
#include "support/player_environment.h"
#include "support/program_run.h"
#include "support/scoped_env.h"
#include "support/wait_for.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 160, "height": 120, "fragments": 6, "fragment-duration": 1,
     "fps": 10, "audio": [{"codec": "aac"}], "start": "2026-03-01T10:00:00Z",
     "gaps": [{"after-fragment": 4, "seconds": 5}],
     "tags": [{"fragment": 2, "name": "detected", "value": "cat", "position": "after-cluster"}]}
    ]}]})";

class Behaviour : public testing::Test {
 protected:
  GstElement* source() { return makeSource(emulator_.url(), "cam1"); }

  EmulatorProcess emulator_{kConfig};
};

TEST_F(Behaviour, ProgressIsOverBeforeTheFirstBuffer) {
  GstElement* pipeline = prerolled(source());
  GstBus* bus = gst_element_get_bus(pipeline);
  // The first buffer is there, so that all progress has been posted.
  std::vector<GstProgressType> types;
  while (GstMessage* message = gst_bus_pop_filtered(bus, GST_MESSAGE_PROGRESS)) {
    GstProgressType type{};
    gst_message_parse_progress(message, &type, nullptr, nullptr);
    types.push_back(type);
    gst_message_unref(message);
  }
  EXPECT_EQ(types,
            (std::vector<GstProgressType>{GST_PROGRESS_TYPE_START, GST_PROGRESS_TYPE_COMPLETE,
                                          GST_PROGRESS_TYPE_START, GST_PROGRESS_TYPE_COMPLETE}));
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
  gst_object_unref(pipeline);
}

/// Else nothing is to be seen for half a minute where an address is wrong.
TEST_F(Behaviour, ProgressTellsThatItTriesAgain) {
  emulator_.setFaults(R"({"faults": [
      {"kind": "status", "operation": "GetDataEndpoint", "request": 1, "count": 2},
      {"kind": "status", "operation": "ListFragments", "request": 1, "status": 500,
       "code": "InternalFailure"}]})");
  GstElement* element = source();
  g_object_set(element, "retry-backoff-factor", 0.01, nullptr);
  GstElement* pipeline = prerolled(element);
  GstBus* bus = gst_element_get_bus(pipeline);
  std::vector<std::string> told;
  while (GstMessage* message = gst_bus_pop_filtered(bus, GST_MESSAGE_PROGRESS)) {
    GstProgressType type{};
    g_autofree gchar* code = nullptr;
    g_autofree gchar* text = nullptr;
    gst_message_parse_progress(message, &type, &code, &text);
    if (type == GST_PROGRESS_TYPE_CONTINUE) {
      told.push_back(std::string(code) + ": " + text);
    }
    gst_message_unref(message);
  }
  ASSERT_EQ(told.size(), 3U);
  for (size_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(
        told[i].rfind(i < 2 ? "open: ServiceUnavailableException" : "list: InternalFailure", 0), 0U)
        << told[i];
    EXPECT_NE(told[i].find("; trying again"), std::string::npos) << told[i];
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
  gst_object_unref(pipeline);
}

/// It would wait in a queue behind a sink that has prerolled, while other branches of a tee starve.
/// Nor when it is to negotiate again.
TEST_F(Behaviour, AsksNobodyForMemory) {
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* element = source();
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  gst_bin_add_many(GST_BIN(pipeline), element, sink, nullptr);
  gst_element_link(element, sink);
  std::atomic<int> allocations{0};
  GstPad* pad = gst_element_get_static_pad(sink, "sink");
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM,
      [](GstPad*, GstPadProbeInfo* info, gpointer count) {
        if (GST_QUERY_TYPE(GST_PAD_PROBE_INFO_QUERY(info)) == GST_QUERY_ALLOCATION) {
          ++*static_cast<std::atomic<int>*>(count);
        }
        return GST_PAD_PROBE_OK;
      },
      &allocations, nullptr);
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* sinkPad, GstPadProbeInfo*, gpointer) {
        gst_pad_push_event(sinkPad, gst_event_new_reconfigure());
        return GST_PAD_PROBE_OK;
      },
      nullptr, nullptr);
  EXPECT_EQ(playToEnd(pipeline), "");
  EXPECT_EQ(allocations, 0);
  gst_object_unref(pad);
  gst_object_unref(pipeline);
}

/// Where a pad says that seeks in a format may lead to; -1 if to nowhere.
gint64 seekableUntil(GstPad* pad, GstFormat format) {
  GstQuery* query = gst_query_new_seeking(format);
  EXPECT_TRUE(gst_pad_query(pad, query));
  gboolean seekable = TRUE;
  gint64 start = -1;
  gint64 end = -1;
  gst_query_parse_seeking(query, nullptr, &seekable, &start, &end);
  gst_query_unref(query);
  EXPECT_EQ(start, 0);
  return seekable != FALSE ? end : -1;
}

/// A probe on its pad costs time with every buffer. Here its own never sees the query that it is
/// there for.
TEST_F(Behaviour, NoProbeStaysOnItsPad) {
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* element = source();
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  gst_bin_add_many(GST_BIN(pipeline), element, sink, nullptr);
  gst_element_link(element, sink);
  GstPad* pad = gst_element_get_static_pad(element, "src");
  std::atomic<int> probes{0};
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM,
      [](GstPad*, GstPadProbeInfo* info, gpointer) {
        const GstQuery* query = GST_PAD_PROBE_INFO_QUERY(info);
        return GST_QUERY_TYPE(query) == GST_QUERY_ALLOCATION ? GST_PAD_PROBE_DROP
                                                             : GST_PAD_PROBE_OK;
      },
      nullptr, nullptr);
  gst_pad_add_probe(
      pad, GST_PAD_PROBE_TYPE_BUFFER,
      [](GstPad* sourcePad, GstPadProbeInfo*, gpointer most) {
        auto& count = *static_cast<std::atomic<int>*>(most);
        count = std::max<int>(count, sourcePad->num_probes);
        gst_pad_send_event(sourcePad, gst_event_new_reconfigure());
        return GST_PAD_PROBE_OK;
      },
      &probes, nullptr);
  EXPECT_EQ(playToEnd(pipeline), "");
  EXPECT_EQ(probes, 2);
  gst_object_unref(pad);
  gst_object_unref(pipeline);
}

/// What comes through a pad.
struct Passed {
  std::vector<std::string> kinds;  ///< names of events, and "data" for any number of buffers
  gsize bytes = 0;
  std::atomic<int> buffers{0};
  gulong pause = 0;  ///< for each buffer, us
};

GstPadProbeReturn notePassed(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* passed = static_cast<Passed*>(data);
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) == 0) {
    passed->kinds.emplace_back(GST_EVENT_TYPE_NAME(GST_PAD_PROBE_INFO_EVENT(info)));
    return GST_PAD_PROBE_OK;
  }
  passed->bytes += gst_buffer_get_size(GST_PAD_PROBE_INFO_BUFFER(info));
  if (passed->kinds.empty() || passed->kinds.back() != "data") {
    passed->kinds.emplace_back("data");
  }
  ++passed->buffers;
  g_usleep(passed->pause);
  return GST_PAD_PROBE_OK;
}

/// With an element between, so that no probe is at the source.
GstElement* watched(GstElement* source, Passed* passed) {
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* identity = gst_element_factory_make("identity", nullptr);
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  gst_bin_add_many(GST_BIN(pipeline), source, identity, sink, nullptr);
  gst_element_link_many(source, identity, sink, nullptr);
  GstPad* pad = gst_element_get_static_pad(sink, "sink");
  gst_pad_add_probe(
      pad,
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
                                   GST_PAD_PROBE_TYPE_EVENT_FLUSH),
      notePassed, passed, nullptr);
  gst_object_unref(pad);
  return pipeline;
}

TEST_F(Behaviour, GoesOnWithASegmentAfterAFlushOfTheApplication) {
  Passed passed;
  passed.pause = 2000;
  GstElement* element = source();
  GstElement* pipeline = watched(element, &passed);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  EXPECT_TRUE(waitFor([&] { return passed.buffers >= 60; }, std::chrono::seconds(20)));
  EXPECT_TRUE(gst_element_send_event(element, gst_event_new_flush_start()));
  EXPECT_TRUE(gst_element_send_event(element, gst_event_new_flush_stop(TRUE)));
  EXPECT_EQ(waitForEnd(pipeline), "");
  const auto stop = std::find(passed.kinds.begin(), passed.kinds.end(), "flush-stop");
  ASSERT_NE(stop, passed.kinds.end());
  const auto segment = std::find(stop, passed.kinds.end(), "segment");
  const auto data = std::find(stop, passed.kinds.end(), "data");
  EXPECT_NE(data, passed.kinds.end());
  EXPECT_LT(segment, data);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

TEST_F(Behaviour, PositionInBytesIsWhatCame) {
  Passed passed;
  GstElement* pipeline = watched(source(), &passed);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  EXPECT_EQ(waitForEnd(pipeline), "");
  gint64 position = 0;
  EXPECT_TRUE(gst_element_query_position(pipeline, GST_FORMAT_BYTES, &position));
  EXPECT_GT(position, 10'000);
  EXPECT_EQ(position, static_cast<gint64>(passed.bytes));
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

TEST_F(Behaviour, AnswersQueries) {
  GstElement* element = source();
  g_object_set(element, "end-timestamp", "2026-03-01T10:10:00Z", nullptr);
  GstElement* pipeline = prerolled(element);
  GstPad* pad = gst_element_get_static_pad(element, "src");

  gint64 duration = 0;
  EXPECT_TRUE(gst_pad_query_duration(pad, GST_FORMAT_TIME, &duration));
  // Until the end of the range, or of the last fragment if the list is complete already.
  EXPECT_TRUE(duration == 600 * GST_SECOND || duration == 11 * GST_SECOND) << duration;
  gint64 size = 0;
  EXPECT_TRUE(gst_pad_query_duration(pad, GST_FORMAT_BYTES, &size));
  EXPECT_GT(size, 0);
  EXPECT_EQ(seekableUntil(pad, GST_FORMAT_TIME), duration);
  EXPECT_EQ(seekableUntil(pad, GST_FORMAT_BYTES), size);
  EXPECT_EQ(seekableUntil(pad, GST_FORMAT_DEFAULT), -1);

  GstQuery* scheduling = gst_query_new_scheduling();
  EXPECT_TRUE(gst_pad_query(pad, scheduling));
  GstSchedulingFlags flags{};
  gst_query_parse_scheduling(scheduling, &flags, nullptr, nullptr, nullptr);
  EXPECT_EQ(flags & GST_SCHEDULING_FLAG_BANDWIDTH_LIMITED, 0);
  EXPECT_FALSE(gst_query_has_scheduling_mode(scheduling, GST_PAD_MODE_PULL));
  gst_query_unref(scheduling);

  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  EXPECT_EQ(waitForEnd(pipeline), "");
  EXPECT_TRUE(gst_pad_query_duration(pad, GST_FORMAT_TIME, &duration));
  EXPECT_NEAR(static_cast<double>(duration), 11.0 * GST_SECOND, 0.1 * GST_SECOND);

  gst_object_unref(pad);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

TEST_F(Behaviour, TellsFragmentsByEventAndByMessage) {
  GstElement* element = source();
  g_object_set(element, "post-fragment-messages", TRUE, nullptr);
  const Played played = play(element);
  const Manifest stored = emulator_.manifest("cam1");
  expectPlayed(stored, played);
  ASSERT_EQ(played.fragmentMessages.size(), 6U);
  for (size_t i = 0; i < 6; ++i) {
    const PlayedFragment& message = played.fragmentMessages[i];
    EXPECT_EQ(message.number, stored.fragments[i].number);
    EXPECT_EQ(message.discont, i == 0 || i == 4) << i;
    EXPECT_EQ(message.ptsNs, (stored.fragments[i].producerMs - stored.fragments[0].producerMs) *
                                 static_cast<uint64_t>(GST_MSECOND));
  }
  EXPECT_EQ(played.fragmentMessages[1].tags.at("detected"), "cat");
  EXPECT_TRUE(played.fragmentMessages[2].tags.empty());
}

TEST_F(Behaviour, PostsNoFragmentMessagesUnasked) {
  EXPECT_TRUE(play(source()).fragmentMessages.empty());
}

TEST_F(Behaviour, GstLaunchReachesTheEndByItself) {
  const ScopedEnv key("AWS_ACCESS_KEY_ID", kAccessKey);
  const ScopedEnv secret("AWS_SECRET_ACCESS_KEY", kSecretKey);
  const ProgramRun run =
      runProgram({"gst-launch-1.0", "kvsarchivesrc", "stream-name=cam1", "aws-region=us-east-1",
                  "endpoint-url=" + emulator_.url(), "start-timestamp=2026-03-01T10:00:00Z",
                  "end-timestamp=2026-03-01T10:01:00Z", "!", "fakesink"});
  EXPECT_EQ(run.status, 0) << run.output;
  EXPECT_NE(run.output.find("Got EOS"), std::string::npos) << run.output;
  EXPECT_EQ(run.output.find("ERROR"), std::string::npos) << run.output;
}

/// Scripts look for it.
TEST_F(Behaviour, TheEndIsSummedUpInTheLog) {
  const std::string frames = std::to_string(emulator_.manifest("cam1").frames.size());
  const PlayerEnvironment environment(emulator_.url());
  const ProgramRun run =
      runProgram({"sh", "-ec",
                  "GST_DEBUG=kvsarchivesrc:4 gst-launch-1.0 kvsarchivesrc stream-name=cam1 "
                  "start-timestamp=2026-03-01T10:00:00Z ! fakesink"});
  EXPECT_EQ(run.status, 0) << run.output;
  EXPECT_NE(run.output.find("end of the archive: 6 of 6 fragments (0 skipped, 0 superseded), " +
                            frames + " frames, "),
            std::string::npos)
      << run.output;
}

TEST_F(Behaviour, PropertiesMayBeSetAndReadWhilePlaying) {
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* element = source();
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  gst_bin_add_many(GST_BIN(pipeline), element, sink, nullptr);
  ASSERT_TRUE(gst_element_link(element, sink));
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* message = nullptr;
  guint64 listed = 0;
  const gint64 deadline = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND;
  for (int turn = 0; message == nullptr && g_get_monotonic_time() < deadline; ++turn) {
    const gboolean wanted = turn % 2 == 0 ? TRUE : FALSE;
    gboolean stored = !wanted;
    g_autofree gchar* stream = nullptr;
    g_autoptr(GstStructure) stats = nullptr;
    g_object_set(element, "post-fragment-messages", wanted, "stream-name", "other", nullptr);
    g_object_get(element, "post-fragment-messages", &stored, "stream-name", &stream, "stats",
                 &stats, nullptr);
    EXPECT_EQ(stored, wanted);
    EXPECT_STREQ(stream, "other");
    guint64 now = 0;
    ASSERT_TRUE(gst_structure_get_uint64(stats, "fragments-listed", &now));
    EXPECT_GE(now, listed);
    listed = now;
    message = gst_bus_timed_pop_filtered(
        bus, GST_MSECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  }
  ASSERT_NE(message, nullptr);
  EXPECT_EQ(GST_MESSAGE_TYPE(message), GST_MESSAGE_EOS);  // what is set counts for the next run
  gst_message_unref(message);
  g_autoptr(GstStructure) last = nullptr;
  g_object_get(element, "stats", &last, nullptr);
  ASSERT_TRUE(gst_structure_get_uint64(last, "fragments-listed", &listed));
  EXPECT_EQ(listed, 6U);
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

TEST_F(Behaviour, EachApiIsAskedOnce) {
  play(source());
  size_t endpoints = 0;
  size_t media = 0;
  for (const LoggedRequest& request : emulator_.requests()) {
    endpoints += request.operation == "GetDataEndpoint" ? 1 : 0;
    media += request.operation == "GetMediaForFragmentList" ? 1 : 0;
    EXPECT_EQ(request.status, 200);
  }
  EXPECT_EQ(endpoints, 2U);  // one for each of the two APIs
  EXPECT_EQ(media, 1U);
}

}  // namespace
}  // namespace kvsarchive::test
