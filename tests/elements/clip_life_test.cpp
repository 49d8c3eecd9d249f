// SPDX-License-Identifier: LGPL-2.1-or-later
// kvsclipsrc in players, its URIs, its settings, and how it stops.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "support/clip_player.h"
#include "support/clip_service.h"
#include "support/counting_sink.h"
#include "support/dead_listener.h"
#include "support/emulator_process.h"
#include "support/log_watch.h"
#include "support/lone_element.h"
#include "support/pipeline_run.h"
#include "support/player_environment.h"
#include "support/wait_for.h"

namespace kvsarchive::test {
namespace {

constexpr const char* kUri =
    "kvsclip://us-east-1/cam1?start=2026-03-01T10:00:00Z&end=2026-03-01T10:01:00Z";

void onPad(GstElement*, GstPad* pad, gpointer sink) {
  GstPad* sinkPad = gst_element_get_static_pad(GST_ELEMENT(sink), "sink");
  gst_pad_link(pad, sinkPad);
  gst_object_unref(sinkPad);
}

void expectContains(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text << "\nhas not\n" << part;
}

bool seekAndSettle(GstElement* pipeline, int64_t ms) {
  return gst_element_seek_simple(
             pipeline, GST_FORMAT_TIME,
             static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE),
             ms * static_cast<int64_t>(GST_MSECOND)) != FALSE &&
         gst_element_get_state(pipeline, nullptr, nullptr, 20 * GST_SECOND) ==
             GST_STATE_CHANGE_SUCCESS;
}

void stop(GstElement* pipeline) {
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

TEST(ClipPlayers, DecodebinPullsAndSeeks) {
  for (const Mp4Layout layout : kMp4Layouts) {
    ClipService service(makeMp4(layout, 6, false));
    service.list(6, 10'000);
    for (const char* name : {"decodebin", "decodebin3"}) {
      SCOPED_TRACE(std::string(name) + ", " + nameOf(layout));
      DecodedCounts counts;
      GstElement* pipeline = gst_pipeline_new(nullptr);
      GstElement* source = makeClipSource(service.url());
      GstElement* decoder = gst_element_factory_make(name, nullptr);
      GstElement* sink = makeCountingSink(&counts);
      gst_bin_add_many(GST_BIN(pipeline), source, decoder, sink, nullptr);
      gst_element_link(source, decoder);
      g_signal_connect(decoder, "pad-added", G_CALLBACK(onPad), sink);
      const size_t before = service.clipRequests();
      gst_element_set_state(pipeline, GST_STATE_PAUSED);
      ASSERT_EQ(gst_element_get_state(pipeline, nullptr, nullptr, 20 * GST_SECOND),
                GST_STATE_CHANGE_SUCCESS);
      gint64 duration = 0;
      EXPECT_TRUE(gst_element_query_duration(pipeline, GST_FORMAT_TIME, &duration));
      EXPECT_EQ(duration, 6 * static_cast<gint64>(GST_SECOND));
      const bool isPushed = GST_PAD_MODE(GST_PAD(source->srcpads->data)) == GST_PAD_MODE_PUSH;
      int expected = 60;
      if (layout != Mp4Layout::kFragmented || !isPushed) {
        EXPECT_TRUE(seekAndSettle(pipeline, 4000));
        counts.video = 0;
        expected = 20;
      }
      gst_element_set_state(pipeline, GST_STATE_PLAYING);
      EXPECT_EQ(waitForEnd(pipeline), "");
      EXPECT_EQ(counts.video, expected);
      EXPECT_EQ(service.clipRequests(), before + 1);  // however often it was started
      stop(pipeline);
    }
  }
}

/// Errors of the source alone, though demuxers and typefinders would have more to say.
TEST(ClipPlayers, AnErrorIsToldOnceBehindDecodebin) {
  ClipService service("");
  service.list(2, 10'000);
  service.onClip([](size_t, ServerConnection& connection) {
    connection.write(answer(400, {{"x-amzn-ErrorType", "MissingCodecPrivateDataException"}},
                            R"({"Message": "no"})"));
  });
  for (const char* name : {"decodebin", "decodebin3"}) {
    GstElement* pipeline = gst_pipeline_new(nullptr);
    GstElement* source = makeClipSource(service.url());
    GstElement* decoder = gst_element_factory_make(name, nullptr);
    gst_bin_add_many(GST_BIN(pipeline), source, decoder, nullptr);
    gst_element_link(source, decoder);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    expectContains(waitForEnd(pipeline), "the producer has to send codec private data");
    GstBus* bus = gst_element_get_bus(pipeline);
    EXPECT_EQ(gst_bus_timed_pop_filtered(bus, GST_SECOND / 10, GST_MESSAGE_ERROR), nullptr);
    gst_object_unref(bus);
    stop(pipeline);
  }
}

TEST(ClipPlayers, PlaybinTakesUris) {
  for (const Mp4Layout layout : kMp4Layouts) {
    ClipService service(makeMp4(layout, 3, false));
    service.list(3, 10'000);
    const PlayerEnvironment environment(service.url());
    for (const char* name : {"playbin", "playbin3"}) {
      SCOPED_TRACE(std::string(name) + ", " + nameOf(layout));
      DecodedCounts counts;
      GstElement* player = gst_element_factory_make(name, nullptr);
      g_object_set(player, "uri", kUri, "video-sink", makeCountingSink(&counts), nullptr);
      gst_element_set_state(player, GST_STATE_PLAYING);
      EXPECT_EQ(waitForEnd(player), "");
      EXPECT_EQ(counts.video, 30);
      stop(player);
    }
  }
}

TEST(ClipPlayers, ThePadAnswersSizeAndScheduling) {
  ClipService service(makeMp4(Mp4Layout::kMovieLast, 2));
  service.list(2, 10'000);
  ClipPlayer player(makeClipSource(service.url()), Scheduling::kPush);
  GstPad* pad = gst_element_get_static_pad(player.source(), "src");
  ASSERT_TRUE(player.preroll());
  gint64 size = 0;
  EXPECT_TRUE(gst_pad_query_duration(pad, GST_FORMAT_BYTES, &size));
  EXPECT_EQ(static_cast<size_t>(size), service.mp4().size());
  GstQuery* query = gst_query_new_scheduling();
  EXPECT_TRUE(gst_pad_query(pad, query));
  EXPECT_TRUE(gst_query_has_scheduling_mode_with_flags(query, GST_PAD_MODE_PULL,
                                                       GST_SCHEDULING_FLAG_SEEKABLE));
  GstSchedulingFlags flags{};
  gst_query_parse_scheduling(query, &flags, nullptr, nullptr, nullptr);
  EXPECT_EQ(flags & GST_SCHEDULING_FLAG_BANDWIDTH_LIMITED, 0);
  gst_query_unref(query);
  GstCaps* caps = gst_pad_get_current_caps(pad);
  g_autofree gchar* text = gst_caps_to_string(caps);
  EXPECT_STREQ(text, "video/quicktime, variant=(string)iso");
  gst_caps_unref(caps);
  gst_object_unref(pad);
}

TEST(ClipSettings, BadOnesAreToldAtTheStart) {
  using Settings = std::vector<std::pair<const char*, const char*>>;
  const struct {
    Settings settings;
    const char* text;
  } cases[] = {
      {{{"stream-name", nullptr}}, "stream-name"},
      {{{"stream-arn", "arn:aws:kinesisvideo:us-east-1:123456789012:stream/a/1"}}, "stream-arn"},
      {{{"stream-name", "a/b"}}, "stream-name"},
      {{{"start-timestamp", nullptr}}, "start-timestamp"},
      {{{"start-timestamp", "yesterday"}}, "start-timestamp"},
      {{{"start-timestamp", "2026-03-01T10:00:00"}}, "start-timestamp"},
      {{{"end-timestamp", "never"}}, "end-timestamp"},
      {{{"end-timestamp", "2026-03-01T10:00:00Z"}}, "is not after start-timestamp"},
      {{{"end-timestamp", "2026-03-01T09:00:00Z"}}, "is not after start-timestamp"},
      {{{"end-timestamp", "2026-03-02T10:00:00.001Z"}}, "more than 24 hours"},
      {{{"end-timestamp", "2099-01-01T00:00:00Z"},
        {"start-timestamp", "2098-12-31T23:00:00Z"},
        {"fragment-selector-type", "server-timestamp"}},
       "is in the future"},
      {{{"long-clips", "error"}, {"check-complete", "false"}}, "set check-complete=true"},
      {{{"long-clips", "split"}, {"check-complete", "false"}}, "set check-complete=true"},
      {{{"uri", "kvsclip://us-east-1/cam1?bad=1"}}, "no key"},
      {{{"endpoint-url", "nonsense"}}, "endpoint"},
  };
  for (const auto& c : cases) {
    for (const bool isPulled : {false, true}) {
      const ClipService service("");
      GstElement* source = makeClipSource(service.url());
      for (const auto& [name, value] : c.settings) {
        if (value == nullptr) {
          g_object_set(source, name, nullptr, nullptr);
        } else {
          gst_util_set_object_arg(G_OBJECT(source), name, value);
        }
      }
      SCOPED_TRACE(c.text);
      ClipPlayer player(source, isPulled ? Scheduling::kPull : Scheduling::kPush);
      const Played played = player.playToEnd();
      ASSERT_EQ(played.errors.size(), 1u);
      EXPECT_EQ(played.error->domain, "gst-resource-error-quark");
      EXPECT_EQ(played.error->code, GST_RESOURCE_ERROR_SETTINGS);
      expectContains(played.error->message, c.text);
      EXPECT_TRUE(service.requests().empty());
    }
  }
}

TEST(ClipSettings, AnErrorIsMendedInReady) {
  ClipService service(makeMp4(Mp4Layout::kMovieLast, 2));
  service.list(2, 10'000);
  for (const Scheduling scheduling : kSchedulings) {
    GstElement* source = makeClipSource(service.url());
    g_object_set(source, "start-timestamp", nullptr, nullptr);
    ClipPlayer player(source, scheduling);
    EXPECT_EQ(gst_element_set_state(player.pipeline(), GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
    gst_element_set_state(player.pipeline(), GST_STATE_READY);
    g_object_set(source, "start-timestamp", "2026-03-01T10:00:00Z", nullptr);
    GstBus* bus = gst_element_get_bus(player.pipeline());
    gst_bus_set_flushing(bus, TRUE);
    gst_bus_set_flushing(bus, FALSE);
    gst_object_unref(bus);
    const Played played = player.playToEnd();
    EXPECT_TRUE(played.eos);
    EXPECT_TRUE(played.errors.empty());
  }
}

TEST(ClipUri, SaysStreamAndRange) {
  const LoneElement element("kvsclipsrc");
  EXPECT_EQ(element.setUri("kvsclip://eu-west-1/cam1?start=2026-03-01T11:00:00+01:00&end=now-1h"
                           "&selector=server-timestamp"),
            "");
  EXPECT_EQ(element.text("stream-name"), "cam1");
  EXPECT_EQ(element.text("aws-region"), "eu-west-1");
  EXPECT_EQ(element.text("start-timestamp"), "2026-03-01T11:00:00+01:00");
  EXPECT_EQ(element.text("end-timestamp"), "now-1h");
  EXPECT_EQ(element.text("fragment-selector-type"), "server-timestamp");
  EXPECT_EQ(element.text("uri"),
            "kvsclip://eu-west-1/cam1?start=2026-03-01T11:00:00+01:00&end=now-1h"
            "&selector=server-timestamp");
  EXPECT_EQ(element.setUri("kvsclip:///cam2"), "");
  EXPECT_EQ(element.text("aws-region"), "");
  EXPECT_EQ(element.text("fragment-selector-type"), "producer-timestamp");
  expectContains(element.startError(), "start-timestamp, in a URI start, is not set");
}

TEST(ClipUri, SaysNothingElse) {
  const LoneElement element("kvsclipsrc");
  element.set("long-clips", "error");
  for (const char* bad :
       {"kvsclip://us-east-1/", "kvsclip://us-east-1/a/b",
        "kvsclip://us-east-1/cam1?endpoint-url=http://127.0.0.1", "kvsclip://user:pw@x/cam1",
        "kvsclip://us-east-1/cam1?long-clips=split", "kvsclip://us-east-1:80/cam1",
        "kvsclip://us-east-1/cam1?start=now-1h&start=now-2h", "kvsclip://evil.example/cam1",
        "kvsclip://us-east-1/cam1?lead-in=true", "kvsclip://us-east-1/cam1?start=x"}) {
    expectContains(element.setUri(bad), "kvsclip:// URI: ");
    EXPECT_EQ(element.text("stream-name"), "") << bad;
  }
  EXPECT_EQ(element.setUri(kUri), "");
  EXPECT_EQ(element.text("long-clips"), "error");
  GstElement* made = gst_element_make_from_uri(GST_URI_SRC, kUri, nullptr, nullptr);
  ASSERT_NE(made, nullptr);
  EXPECT_EQ(std::string(GST_OBJECT_NAME(gst_element_get_factory(made))), "kvsclipsrc");
  gst_object_unref(gst_object_ref_sink(made));
}

/// Takes a player to NULL in less than a second, once `reached` says that it hangs.
void expectQuickStop(GstElement* source, Scheduling scheduling, const std::atomic<int>& reached,
                     GstState state = GST_STATE_PLAYING) {
  const int before = reached;
  ClipPlayer player(source, scheduling);
  gst_element_set_state(player.pipeline(), state);
  EXPECT_TRUE(waitFor([&] { return reached != before; }, std::chrono::seconds(5)));
  g_usleep(20'000);
  const gint64 begin = g_get_monotonic_time();
  EXPECT_EQ(gst_element_set_state(player.pipeline(), GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
  EXPECT_LT(g_get_monotonic_time() - begin, G_TIME_SPAN_SECOND);
}

TEST(ClipShutdown, WhereverTheServiceHangs) {
  const std::string mp4 = makeMp4(Mp4Layout::kMovieFirst, 4);
  const std::string good = "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: " +
                           std::to_string(mp4.size()) + "\r\n\r\n";
  const std::string json = "{\"Fragments\":[]}";
  for (const std::string stage : {"/getDataEndpoint", "/listFragments", "/getClip", "head", "few",
                                  "most", "backoff", "throttled"}) {
    std::atomic<int> reached{0};
    FakeHttpServer* self = nullptr;
    FakeHttpServer server([&](const ReceivedRequest& request, ServerConnection& connection) {
      const http::Headers isJson{{"Content-Type", "application/json"}};
      if (request.target == stage) {
        ++reached;
        connection.stall();
      } else if (request.target == "/getDataEndpoint") {
        connection.write(answer(200, isJson, "{\"DataEndpoint\":\"" + self->url() + "\"}"));
      } else if (request.target == "/listFragments") {
        connection.write(answer(200, isJson, json));
      } else if (stage == "backoff" || stage == "throttled") {
        connection.write(
            answer(stage == "backoff" ? 500 : 400,
                   {{"x-amzn-ErrorType",
                     stage == "backoff" ? "InternalFailure" : "ClientLimitExceededException"}},
                   "{}"));
        ++reached;
      } else {
        const size_t size = stage == "head" ? 0 : stage == "few" ? 100 : mp4.size() - 10;
        connection.write(good + mp4.substr(0, size));
        ++reached;
        connection.stall();
      }
    });
    self = &server;
    for (const Scheduling scheduling : kSchedulings) {
      SCOPED_TRACE(stage + (scheduling == Scheduling::kPull ? ", pulled" : ", pushed"));
      GstElement* source = makeClipSource(server.url());
      g_object_set(source, "retry-backoff-factor", 20.0, "end-timestamp", "2026-03-01T10:00:09Z",
                   nullptr);
      expectQuickStop(source, scheduling, reached);
    }
  }
}

TEST(ClipShutdown, WhileConnectingAndWhileTypefindWaitsForTheSize) {
  const DeadListener listener(DeadListener::Queue::kFull);
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* source = makeClipSource(listener.url());
  GstElement* decoder = gst_element_factory_make("decodebin", nullptr);
  gst_bin_add_many(GST_BIN(pipeline), source, decoder, nullptr);
  gst_element_link(source, decoder);
  for (const int delay : {0, 5, 100}) {
    gst_element_set_state(pipeline, GST_STATE_PAUSED);
    g_usleep(delay * 1000);
    const gint64 begin = g_get_monotonic_time();
    EXPECT_EQ(gst_element_set_state(pipeline, GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
    EXPECT_LT(g_get_monotonic_time() - begin, G_TIME_SPAN_SECOND);
  }
  gst_object_unref(pipeline);
}

TEST(ClipShutdown, WhileDownstreamBlocksAndAtAnyMoment) {
  ClipService service(makeMp4(Mp4Layout::kMovieFirst, 12));
  service.list(12, 10'000);
  const Frames expected = framesOfMp4(service.mp4());
  for (const Scheduling scheduling : kSchedulings) {
    ClipPlayer player(makeClipSource(service.url()), scheduling);
    for (int delay = 0; delay < 20; ++delay) {
      gst_element_set_state(player.pipeline(), GST_STATE_PAUSED);
      g_usleep(delay * 1000);
      const gint64 begin = g_get_monotonic_time();
      gst_element_set_state(player.pipeline(), delay % 2 == 0 ? GST_STATE_NULL : GST_STATE_READY);
      EXPECT_LT(g_get_monotonic_time() - begin, G_TIME_SPAN_SECOND);
    }
    ClipPlayer again(makeClipSource(service.url()), scheduling);
    EXPECT_EQ(framesOf(again.playToEnd()), expected);
  }
}

TEST(ClipShutdown, ALinkWithoutContentLengthIsPulledOnceItIsComplete) {
  ClipService service(makeMp4(Mp4Layout::kMovieFirst, 3, false));
  service.list(3, 10'000);
  std::atomic<bool> goOn{false};
  service.onClip([&](size_t, ServerConnection& connection) {
    connection.write(service.head(true) + chunk(service.mp4().substr(0, 9000)));
    while (!goOn) {
      g_usleep(1000);
    }
    connection.write(chunk(service.mp4().substr(9000)) + chunk(""));
  });
  ClipPlayer player(makeClipSource(service.url()), Scheduling::kPull);
  gst_element_set_state(player.pipeline(), GST_STATE_PAUSED);
  g_usleep(50'000);
  goOn = true;
  const Played played = player.playToEnd();
  EXPECT_TRUE(played.eos);
  EXPECT_EQ(framesOf(played), framesOfMp4(service.mp4()));
}

TEST(ClipSecrets, AreNowhereToBeSeen) {
  const std::vector<std::string> secrets{"AKIDS3CR3T", "s3cr3tKey+/=", "t0kenOfSession"};
  for (const bool isGood : {true, false}) {
    ClipService service(makeMp4(Mp4Layout::kMovieLast, 1));
    service.list(1, 10'000);
    if (!isGood) {
      service.onClip([](size_t, ServerConnection& connection) {
        connection.write(answer(400, {{"x-amzn-ErrorType", "InvalidArgumentException"}},
                                R"({"Message": "s3cr3tKey+/= t0kenOfSession"})"));
      });
    }
    LogWatch watch({secrets[1], secrets[2]});
    GstElement* source = makeClipSource(service.url());
    g_object_set(source, "access-key", secrets[0].c_str(), "secret-key", secrets[1].c_str(),
                 "session-token", secrets[2].c_str(), nullptr);
    watch.play(source, isGood ? GST_MESSAGE_EOS : GST_MESSAGE_ERROR);
    watch.expectNoLeak("kvsarchive-http");
    EXPECT_EQ(service.requests().back().header("X-Amz-Security-Token"), secrets[2]);
  }
}

}  // namespace
}  // namespace kvsarchive::test
