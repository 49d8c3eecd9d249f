// SPDX-License-Identifier: LGPL-2.1-or-later
// kvshls:// and kvsdash://: what they set, what is refused, and players that are given nothing
// else.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "support/emulator_process.h"
#include "support/scoped_env.h"

namespace kvsarchive::test {
namespace {

struct Unref {
  void operator()(GstElement* element) const { gst_object_unref(element); }
};
using Element = std::unique_ptr<GstElement, Unref>;

Element make() { return Element(gst_element_factory_make("kvssessionsrc", nullptr)); }

std::string textOf(const Element& element, const char* name) {
  GValue value = G_VALUE_INIT;
  g_object_get_property(G_OBJECT(element.get()), name, &value);
  std::string text = "(null)";
  if (!G_VALUE_HOLDS_STRING(&value)) {
    g_autofree gchar* serialized = gst_value_serialize(&value);
    text = serialized;
  } else if (g_value_get_string(&value) != nullptr) {
    text = g_value_get_string(&value);
  }
  g_value_unset(&value);
  return text;
}

std::string setUri(const Element& element, const char* uri) {
  g_autoptr(GError) error = nullptr;
  if (gst_uri_handler_set_uri(GST_URI_HANDLER(element.get()), uri, &error) != FALSE) {
    return "";
  }
  EXPECT_EQ(error->domain, GST_URI_ERROR);
  EXPECT_EQ(error->code, GST_URI_ERROR_BAD_URI);
  return error->message;
}

constexpr const char* kAll =
    "kvshls://eu-west-1/cam1?playback-mode=on-demand&start=2026-03-01T10:00:00Z&end=now"
    "&selector=producer-timestamp&container-format=mpeg-ts&discontinuity-mode=on-discontinuity"
    "&display-fragment-timestamp=always&expires=300&max-fragments=5000";

TEST(SessionUri, SetsAllThatItSays) {
  const Element element = make();
  ASSERT_EQ(setUri(element, kAll), "");
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
    EXPECT_EQ(textOf(element, property.name), property.text) << property.name;
  }
}

TEST(SessionUri, ResetsWhatItDoesNotSay) {
  const Element element = make();
  ASSERT_EQ(setUri(element, kAll), "");
  ASSERT_EQ(setUri(element, "kvsdash:///cam2?display-fragment-number=always"), "");
  EXPECT_EQ(textOf(element, "protocol"), "dash");
  EXPECT_EQ(textOf(element, "aws-region"), "(null)");
  EXPECT_EQ(textOf(element, "playback-mode"), "live");
  EXPECT_EQ(textOf(element, "start-timestamp"), "(null)");
  EXPECT_EQ(textOf(element, "end-timestamp"), "(null)");
  EXPECT_EQ(textOf(element, "fragment-selector-type"), "server-timestamp");
  EXPECT_EQ(textOf(element, "container-format"), "fragmented-mp4");
  EXPECT_EQ(textOf(element, "discontinuity-mode"), "default");
  EXPECT_EQ(textOf(element, "expires"), "0");
  EXPECT_EQ(textOf(element, "uri"), "kvsdash:///cam2?display-fragment-number=always");
  g_object_set(element.get(), "uri", nullptr, nullptr);
  EXPECT_EQ(textOf(element, "protocol"), "hls");
  EXPECT_EQ(textOf(element, "stream-name"), "(null)");
  EXPECT_EQ(textOf(element, "uri"), "(null)");
}

TEST(SessionUri, IsReadAsTheShortestOne) {
  const Element element = make();
  ASSERT_EQ(setUri(element, "KVSHLS://eu-west-1/cam1?selector=server-timestamp&expires=0"), "");
  EXPECT_EQ(textOf(element, "uri"), "kvshls://eu-west-1/cam1");
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
  const Element element = make();
  for (const auto& one : cases) {
    const std::string error = setUri(element, one.uri);
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

const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 160, "height": 120, "fragments": 6, "fragment-duration": 1,
     "fps": 10, "audio": [{"codec": "aac"}], "start": "2026-03-01T10:00:00Z"}]}]})";
constexpr const char* kRange =
    ":///cam1?playback-mode=on-demand&start=2026-03-01T10:00:00Z&end=2026-03-01T10:10:00Z"
    "&selector=producer-timestamp";

struct Counts {
  std::atomic<int> video{0};
  std::atomic<int> audio{0};
};

void onHandoff(GstElement*, GstBuffer*, GstPad* pad, gpointer data) {
  auto* counts = static_cast<Counts*>(data);
  GstCaps* caps = gst_pad_get_current_caps(pad);
  const std::string name = gst_structure_get_name(gst_caps_get_structure(caps, 0));
  gst_caps_unref(caps);
  ++(name == "video/x-raw" ? counts->video : counts->audio);
}

GstElement* makeSink(Counts* counts) {
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  g_object_set(sink, "signal-handoffs", TRUE, nullptr);
  g_signal_connect(sink, "handoff", G_CALLBACK(onHandoff), counts);
  return sink;
}

/// The text of the error that it ended with, empty if it was the end of the stream.
std::string runToEnd(GstElement* pipeline) {
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* message = gst_bus_timed_pop_filtered(
      bus, 30 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  std::string text = message != nullptr ? "" : "neither end nor error";
  if (message != nullptr && GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    g_autoptr(GError) error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    text = error->message;
  }
  gst_clear_message(&message);
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  return text;
}

class SessionPlayers : public testing::TestWithParam<std::tuple<const char*, const char*>> {
 protected:
  static void SetUpTestSuite() { emulator_ = new EmulatorProcess(kConfig); }
  static void TearDownTestSuite() {
    delete emulator_;
    emulator_ = nullptr;
  }
  static std::string protocol() { return std::get<0>(GetParam()); }
  static std::string player() { return std::get<1>(GetParam()); }

  static const EmulatorProcess* emulator_;

 private:
  const ScopedEnv endpoint_{"AWS_ENDPOINT_URL_KINESIS_VIDEO", emulator_->url().c_str()};
  const ScopedEnv key_{"AWS_ACCESS_KEY_ID", kAccessKey};
  const ScopedEnv secret_{"AWS_SECRET_ACCESS_KEY", kSecretKey};
  const ScopedEnv token_{"AWS_SESSION_TOKEN", nullptr};
  const ScopedEnv region_{"AWS_REGION", "us-east-1"};
};

const EmulatorProcess* SessionPlayers::emulator_ = nullptr;

/// playbin and playbin3, or a launch line with two sinks behind `name=d`.
std::string play(const std::string& player, const std::string& uri, Counts* counts) {
  if (player.compare(0, 7, "playbin") == 0) {
    GstElement* bin = gst_element_factory_make(player.c_str(), nullptr);
    gst_object_ref_sink(bin);
    g_object_set(bin, "uri", uri.c_str(), "video-sink", makeSink(counts), "audio-sink",
                 makeSink(counts), nullptr);
    std::string error = runToEnd(bin);
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
    g_signal_connect(sink, "handoff", G_CALLBACK(onHandoff), counts);
    gst_object_unref(sink);
  }
  std::string error = runToEnd(pipeline);
  gst_object_unref(pipeline);
  return error;
}

TEST_P(SessionPlayers, PlayEveryFrame) {
  Counts counts;
  EXPECT_EQ(play(player(), protocol() + kRange, &counts), "");
  EXPECT_EQ(counts.video, 60);
  EXPECT_GE(counts.audio, 250);  // as many frames as were encoded, but for the decoder's delay
}

TEST_P(SessionPlayers, TellWhyASessionCannotBeOpened) {
  Counts counts;
  const std::string error = play(player(), protocol() + ":///cam1", &counts);
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
