// SPDX-License-Identifier: LGPL-2.1-or-later
// kvshls:// and kvsdash://: what they set, what is refused, and players that are given nothing
// else.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/counting_sink.h"
#include "support/emulator_process.h"
#include "support/lone_element.h"
#include "support/pipeline_run.h"
#include "support/player_environment.h"

namespace kvsarchive::test {
namespace {

constexpr const char* kAll =
    "kvshls://eu-west-1/cam1?playback-mode=on-demand&start=2026-03-01T10:00:00Z&end=now"
    "&selector=producer-timestamp&container-format=mpeg-ts&discontinuity-mode=on-discontinuity"
    "&display-fragment-timestamp=always&expires=300&max-fragments=5000";

TEST(SessionUri, SetsAllThatItSays) {
  const LoneElement element("kvssessionsrc");
  ASSERT_EQ(element.setUri(kAll), "");
  const struct {
    const char* name;
    const char* text;
  } expected[] = {{"protocol", "hls"},
                  {"stream-name", "cam1"},
                  {"aws-region", "eu-west-1"},
                  {"playback-mode", "on-demand"},
                  {"start-timestamp", "2026-03-01T10:00:00Z"},
                  {"end-timestamp", "now"},
                  {"fragment-selector-type", "producer-timestamp"},
                  {"container-format", "mpeg-ts"},
                  {"discontinuity-mode", "on-discontinuity"},
                  {"display-fragment-timestamp", "always"},
                  {"display-fragment-number", "never"},
                  {"expires", "300"},
                  {"max-fragments", "5000"},
                  {"uri", kAll}};
  for (const auto& property : expected) {
    EXPECT_EQ(element.text(property.name), property.text) << property.name;
  }
}

TEST(SessionUri, ResetsWhatItDoesNotSay) {
  const LoneElement element("kvssessionsrc");
  ASSERT_EQ(element.setUri(kAll), "");
  ASSERT_EQ(element.setUri("kvsdash:///cam2?display-fragment-number=always"), "");
  EXPECT_EQ(element.text("protocol"), "dash");
  EXPECT_EQ(element.text("aws-region"), "");
  EXPECT_EQ(element.text("playback-mode"), "live");
  EXPECT_EQ(element.text("start-timestamp"), "");
  EXPECT_EQ(element.text("end-timestamp"), "");
  EXPECT_EQ(element.text("fragment-selector-type"), "server-timestamp");
  EXPECT_EQ(element.text("container-format"), "fragmented-mp4");
  EXPECT_EQ(element.text("discontinuity-mode"), "default");
  EXPECT_EQ(element.text("expires"), "0");
  EXPECT_EQ(element.text("uri"), "kvsdash:///cam2?display-fragment-number=always");
  g_object_set(element.get(), "uri", nullptr, nullptr);
  EXPECT_EQ(element.text("protocol"), "hls");
  EXPECT_EQ(element.text("stream-name"), "");
  EXPECT_EQ(element.text("uri"), "");
}

TEST(SessionUri, IsReadAsTheShortestOne) {
  const LoneElement element("kvssessionsrc");
  ASSERT_EQ(element.setUri("KVSHLS://eu-west-1/cam1?selector=server-timestamp&expires=0"), "");
  EXPECT_EQ(element.text("uri"), "kvshls://eu-west-1/cam1");
}

TEST(SessionUri, ThatIsWrongIsRefused) {
  const struct {
    const char* uri;
    const char* part;
  } cases[] = {
      {"kvshls:///", "no stream in it; write kvshls://region/stream?playback-mode=on-demand&"},
      {"kvsdash:///cam1?endpoint-url=http://evil",
       "kvsdash:// URI: no key \"endpoint-url\", only "
       "playback-mode, start, end, selector, "},
      {"kvshls:///cam1?protocol=dash", "no key \"protocol\""},
      {"kvshls:///cam1?timeline=server", "no key \"timeline\""},
      {"kvshls:///cam1?playback-mode=LIVE", "playback-mode is one of live, live-replay, on-demand"},
      {"kvshls:///cam1?expires=forever", "expires is a number from 0 to 43200"},
      {"kvshls:///cam1?expires=-1", "expires is a number from 0 to 43200"},
      {"kvshls:///cam1?max-fragments=5001", "max-fragments is a number from 0 to 5000"},
      {"kvshls:///cam1?expires=300&expires=301", "expires is in it twice"},
      {"kvshls:///cam1?start=tomorrow", "start: "},
      {"kvshls://user:secret@region/cam1", "it has no user name and no password"},
  };
  const LoneElement element("kvssessionsrc");
  for (const auto& one : cases) {
    const std::string error = element.setUri(one.uri);
    EXPECT_NE(error.find(one.part), std::string::npos) << one.uri << ": " << error;
    EXPECT_EQ(error.find("secret"), std::string::npos);
  }
}

TEST(SessionUri, MakesTheElement) {
  for (const char* uri : {"kvshls:///cam1", "kvsdash:///cam1"}) {
    GstElement* element = gst_element_make_from_uri(GST_URI_SRC, uri, nullptr, nullptr);
    ASSERT_NE(element, nullptr);
    gst_object_ref_sink(element);
    EXPECT_STREQ(G_OBJECT_TYPE_NAME(element), "GstKvsSessionSrc");
    gst_object_unref(element);
  }
}

constexpr const char* kRange =
    ":///cam1?playback-mode=on-demand&start=2026-03-01T10:00:00Z&end=2026-03-01T10:10:00Z"
    "&selector=producer-timestamp";

class SessionPlayers : public testing::TestWithParam<std::tuple<const char*, const char*>> {
 protected:
  static void SetUpTestSuite() { emulator_ = std::make_unique<EmulatorProcess>(kSixSeconds); }
  static void TearDownTestSuite() { emulator_.reset(); }
  static std::string protocol() { return std::get<0>(GetParam()); }
  static std::string player() { return std::get<1>(GetParam()); }

  inline static std::unique_ptr<EmulatorProcess> emulator_;

 private:
  const PlayerEnvironment environment_{emulator_->url()};
};

/// playbin and playbin3, or a launch line with two sinks behind `name=d`.
std::string play(const std::string& player, const std::string& uri, DecodedCounts* counts) {
  if (player.compare(0, 7, "playbin") == 0) {
    GstElement* bin = gst_element_factory_make(player.c_str(), nullptr);
    gst_object_ref_sink(bin);
    g_object_set(bin, "uri", uri.c_str(), "video-sink", makeCountingSink(counts), "audio-sink",
                 makeCountingSink(counts), nullptr);
    std::string error = playToEnd(bin);
    gst_object_unref(bin);
    return error;
  }
  const std::string source = player == "decodebin3"
                                 ? "kvssessionsrc uri=\"" + uri + "\" ! decodebin3"
                                 : player + " uri=\"" + uri + "\"";
  GstElement* pipeline = gst_parse_launch(
      (source + " name=d d. ! queue ! video/x-raw ! fakesink name=v signal-handoffs=true "
                "d. ! queue ! audio/x-raw ! fakesink name=a signal-handoffs=true")
          .c_str(),
      nullptr);
  for (const char* name : {"v", "a"}) {
    GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), name);
    countHandoffs(sink, counts);
    gst_object_unref(sink);
  }
  std::string error = playToEnd(pipeline);
  gst_object_unref(pipeline);
  return error;
}

TEST_P(SessionPlayers, PlayEveryFrame) {
  DecodedCounts counts;
  EXPECT_EQ(play(player(), protocol() + kRange, &counts), "");
  EXPECT_EQ(counts.video, 60);
  EXPECT_GE(counts.audio, 250);  // as many frames as were encoded, but for the decoder's delay
}

TEST_P(SessionPlayers, TellWhyASessionCannotBeOpened) {
  // A demuxer of the second generation hangs if it is stopped when it has just begun: its thread
  // may miss that. So the service takes its time, as AWS does.
  emulator_->setFaults(R"({"faults": [{"kind": "latency", "request": "every", "ms": 100}]})");
  DecodedCounts counts;
  const std::string error = play(player(), protocol() + ":///cam1", &counts);
  emulator_->setFaults(R"({"faults": []})");
  EXPECT_NE(error.find("a fragment of the last 30 seconds"), std::string::npos) << error;
}

INSTANTIATE_TEST_SUITE_P(All, SessionPlayers,
                         testing::Combine(testing::Values("kvshls", "kvsdash"),
                                          testing::Values("playbin", "playbin3", "uridecodebin3",
                                                          "decodebin3")),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param)) + "_" +
                                  std::get<1>(test.param);
                         });

}  // namespace
}  // namespace kvsarchive::test
