// SPDX-License-Identifier: LGPL-2.1-or-later
// Sessions that end: what this element tells, by a clock that goes fifty times as fast; what the
// demuxers do when the service refuses the token; and that a pipeline goes on once it is restarted.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "base/clock.h"
#include "support/emulator_process.h"
#include "support/pipeline_run.h"
#include "support/scoped_env.h"
#include "support/session_player.h"

extern "C" {
GST_PLUGIN_STATIC_DECLARE(kvsarchive);
}

namespace kvsarchive {
namespace {

constexpr int kSpeed = 50;

/// In place of the machine's clocks, for the plugin that is linked into this program.
class FastClock : public Clock {
 public:
  UnixTime now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(wallBegin_ + elapsed());
  }
  std::chrono::steady_clock::time_point steadyNow() const override { return begin_ + elapsed(); }

 private:
  std::chrono::steady_clock::duration elapsed() const {
    return (std::chrono::steady_clock::now() - begin_) * kSpeed;
  }

  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  const std::chrono::system_clock::time_point wallBegin_ = std::chrono::system_clock::now();
};

}  // namespace

const Clock& systemClock() {
  static const FastClock clock;
  return clock;
}

namespace test {
namespace {

std::string config(int maxSeconds) {
  return R"({"max-session-seconds": )" + std::to_string(maxSeconds) + R"(, "streams": [
    {"name": "cam1", "recordings": [
      {"type": "generated", "width": 64, "height": 64, "fragments": 60, "fragment-duration": 1,
       "fps": 5, "start": "2026-03-01T10:00:00Z"}]}]})";
}

class SessionExpiry : public testing::Test {
 protected:
  static void SetUpTestSuite() { GST_PLUGIN_STATIC_REGISTER(kvsarchive); }
};

TEST_F(SessionExpiry, IsToldAMinuteAheadAndWhenItIsThere) {
  const EmulatorProcess emulator(config(0));
  GstElement* source = makeSessionSource(emulator.url(), "cam1", "hls");
  gst_util_set_object_arg(G_OBJECT(source), "playback-mode", "on-demand");
  g_object_set(source, "start-timestamp", "2026-03-01T09:00:00Z", "end-timestamp",
               "2026-03-01T11:00:00Z", "expires", 300, nullptr);
  GstElement* pipeline = intoFakesink(source);
  GstBus* bus = gst_element_get_bus(pipeline);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);

  GstMessage* told = gst_bus_timed_pop_filtered(bus, 20 * GST_SECOND, GST_MESSAGE_ELEMENT);
  ASSERT_NE(told, nullptr);
  ASSERT_TRUE(gst_message_has_name(told, "kvs-session-expiring"));
  EXPECT_EQ(GST_MESSAGE_SRC(told), GST_OBJECT(source));
  guint64 expiresAt = 0;
  guint64 remaining = 0;
  gst_structure_get_uint64(gst_message_get_structure(told), "expires-at", &expiresAt);
  gst_structure_get_uint64(gst_message_get_structure(told), "remaining", &remaining);
  EXPECT_LE(remaining, 60 * GST_SECOND);
  EXPECT_GT(remaining, 0U);
  g_autoptr(GstStructure) stats = nullptr;
  g_object_get(source, "stats", &stats, nullptr);
  guint64 inStats = 0;
  gst_structure_get_uint64(stats, "expires-at", &inStats);
  EXPECT_EQ(expiresAt, inStats);
  gst_message_unref(told);

  GstMessage* over = gst_bus_timed_pop_filtered(
      bus, 20 * GST_SECOND,
      static_cast<GstMessageType>(GST_MESSAGE_WARNING | GST_MESSAGE_ELEMENT | GST_MESSAGE_ERROR));
  ASSERT_NE(over, nullptr);
  ASSERT_EQ(GST_MESSAGE_TYPE(over), GST_MESSAGE_WARNING);
  g_autoptr(GError) warning = nullptr;
  gst_message_parse_warning(over, &warning, nullptr);
  EXPECT_TRUE(g_error_matches(warning, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED));
  EXPECT_NE(std::string(warning->message).find("The session has expired"), std::string::npos);
  gst_message_unref(over);
  // Nothing is left to be told, and the pipeline is not ended by that.
  EXPECT_EQ(gst_bus_timed_pop_filtered(
                bus, 300 * GST_MSECOND,
                static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT |
                                            GST_MESSAGE_WARNING)),
            nullptr);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
  gst_object_unref(pipeline);
}

/// Plays in real time, so that the session is over before its media are.
class SlowPlayer {
 public:
  explicit SlowPlayer(const EmulatorProcess& emulator)
      : endpoint_("AWS_ENDPOINT_URL_KINESIS_VIDEO", emulator.url().c_str()) {
    gst_object_ref_sink(player_);
    g_object_set(player_, "uri",
                 "kvshls:///cam1?playback-mode=on-demand&start=2026-03-01T09:00:00Z"
                 "&end=2026-03-01T11:00:00Z",
                 "video-sink", gst_element_factory_make("fakesink", nullptr), nullptr);
    GstElement* sink = nullptr;
    g_object_get(player_, "video-sink", &sink, nullptr);
    g_object_set(sink, "sync", TRUE, nullptr);
    gst_object_unref(sink);
  }
  ~SlowPlayer() {
    set(GST_STATE_NULL);
    gst_object_unref(bus_);
    gst_object_unref(player_);
  }
  SlowPlayer(const SlowPlayer&) = delete;
  SlowPlayer& operator=(const SlowPlayer&) = delete;

  void set(GstState state) const { gst_element_set_state(player_, state); }
  /// Whether a message of that type comes within 20 s.
  bool waitFor(GstMessageType type) const {
    GstMessage* message = gst_bus_timed_pop_filtered(bus_, 20 * GST_SECOND, type);
    const bool found = message != nullptr;
    gst_clear_message(&message);
    return found;
  }

 private:
  const ScopedEnv endpoint_;
  const ScopedEnv key_{"AWS_ACCESS_KEY_ID", kAccessKey};
  const ScopedEnv secret_{"AWS_SECRET_ACCESS_KEY", kSecretKey};
  const ScopedEnv region_{"AWS_REGION", "us-east-1"};
  GstElement* const player_ = gst_element_factory_make("playbin3", nullptr);
  GstBus* const bus_ = gst_element_get_bus(player_);
};

TEST_F(SessionExpiry, OfTheTokenIsAnErrorOfTheDemuxerAndARestartGoesOn) {
  const EmulatorProcess emulator(config(2));
  const SlowPlayer player(emulator);
  for (size_t run = 1; run <= 2; ++run) {
    const gint64 begin = g_get_monotonic_time();
    player.set(GST_STATE_PLAYING);
    ASSERT_TRUE(player.waitFor(GST_MESSAGE_ASYNC_DONE)) << run;
    EXPECT_LT(g_get_monotonic_time() - begin, 2 * G_TIME_SPAN_SECOND);
    ASSERT_TRUE(player.waitFor(GST_MESSAGE_ERROR)) << run;
    player.set(GST_STATE_NULL);
    EXPECT_EQ(emulator.countRequests("GetHLSStreamingSessionURL"), run);
    size_t refused = 0;
    for (const LoggedRequest& request : emulator.requests()) {
      refused += request.status == 403 ? 1 : 0;
    }
    EXPECT_GE(refused, run);
  }
}

}  // namespace
}  // namespace test
}  // namespace kvsarchive
