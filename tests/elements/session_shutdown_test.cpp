// SPDX-License-Identifier: LGPL-2.1-or-later
// NULL is reached within a second wherever a session hangs, and it starts anew after it.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "support/dead_listener.h"
#include "support/emulator_process.h"
#include "support/pipeline_run.h"
#include "support/session_player.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 64, "height": 64, "fragments": 4, "fragment-duration": 1,
     "fps": 5, "start": "2026-03-01T10:00:00Z"}]}]})";

class SessionShutdown : public testing::Test {
 protected:
  static void SetUpTestSuite() { emulator_ = std::make_unique<EmulatorProcess>(kConfig); }
  static void TearDownTestSuite() { emulator_.reset(); }
  void TearDown() override {
    emulator_->setFaults(R"({"faults": []})");
    gst_clear_object(&pipeline_);
  }

  void makePipeline(const std::string& url, const char* protocol, const char* behind) {
    gst_clear_object(&pipeline_);
    pipeline_ = gst_pipeline_new(nullptr);
    GstElement* source = makeSessionSource(url, "cam1", protocol);
    gst_util_set_object_arg(G_OBJECT(source), "playback-mode", "on-demand");
    g_object_set(source, "start-timestamp", "2026-03-01T09:00:00Z", "end-timestamp",
                 "2026-03-01T11:00:00Z", "retries", -1, nullptr);
    GstElement* next = gst_element_factory_make(behind, nullptr);
    gst_bin_add_many(GST_BIN(pipeline_), source, next, nullptr);
    gst_element_link(source, next);
  }

  void setFault(const std::string& operation, const std::string& kind, const std::string& more) {
    emulator_->setFaults(R"({"faults": [{"kind": ")" + kind + R"(", "operation": ")" + operation +
                         R"(", )" + more + "}]}");
  }

  inline static std::unique_ptr<EmulatorProcess> emulator_;
  GstElement* pipeline_ = nullptr;
};

TEST_F(SessionShutdown, WhileConnecting) {
  for (const auto queue : {DeadListener::Queue::kFree, DeadListener::Queue::kFull}) {
    const DeadListener listener(queue);
    makePipeline(listener.url(), "hls", "fakesink");
    for (int delay : {0, 1, 150}) {
      expectQuickStop(pipeline_, GST_STATE_PLAYING, std::chrono::milliseconds(delay));
    }
  }
}

TEST_F(SessionShutdown, WhileAnAnswerIsAwaited) {
  const std::pair<const char*, const char*> requests[] = {
      {"GetDataEndpoint", "hls"},      {"GetHLSStreamingSessionURL", "hls"},
      {"GetHLSMasterPlaylist", "hls"}, {"GetDASHStreamingSessionURL", "dash"},
      {"GetDASHManifest", "dash"},
  };
  for (const auto& [operation, protocol] : requests) {
    for (const char* stage : {"before-headers", "in-body"}) {
      makePipeline(emulator_->url(), protocol, "fakesink");
      setFault(operation, "stall", std::string(R"("stage": ")") + stage + "\"");
      SCOPED_TRACE(std::string(operation) + " " + stage);
      expectQuickStop(pipeline_, GST_STATE_PLAYING, std::chrono::milliseconds(100));
      emulator_->setFaults(R"({"faults": []})");
      EXPECT_EQ(playToEnd(pipeline_), "");
    }
  }
}

TEST_F(SessionShutdown, WhileItIsTriedAgain) {
  for (const char* operation : {"GetHLSStreamingSessionURL", "GetHLSMasterPlaylist"}) {
    makePipeline(emulator_->url(), "hls", "fakesink");
    setFault(operation, "status", R"("status": 503)");
    expectQuickStop(pipeline_, GST_STATE_PLAYING, std::chrono::milliseconds(250));
  }
}

/// The demuxer waits inside of our EOS.
TEST_F(SessionShutdown, WhileTheDemuxerAwaitsAnAnswer) {
  for (const char* operation :
       {"GetHLSMediaPlaylist", "GetMP4InitFragment", "GetMP4MediaFragment"}) {
    makePipeline(emulator_->url(), "hls", "hlsdemux");
    setFault(operation, "stall", R"("stage": "before-headers")");
    SCOPED_TRACE(operation);
    expectQuickStop(pipeline_, GST_STATE_PLAYING, std::chrono::milliseconds(200));
  }
}

TEST_F(SessionShutdown, WhileItIsWatched) {
  makePipeline(emulator_->url(), "hls", "fakesink");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(playToEnd(pipeline_), "");
    expectQuickStop(pipeline_, GST_STATE_PLAYING, std::chrono::milliseconds(100));
  }
}

/// As `gst-launch-1.0 -e` does on Ctrl-C.
TEST_F(SessionShutdown, WithAnEosOfTheApplication) {
  makePipeline(emulator_->url(), "hls", "fakesink");
  gst_element_set_state(pipeline_, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline_);
  GstMessage* message = gst_bus_timed_pop_filtered(bus, 10 * GST_SECOND, GST_MESSAGE_EOS);
  ASSERT_NE(message, nullptr);
  gst_message_unref(message);
  const gint64 begin = g_get_monotonic_time();
  gst_element_send_event(pipeline_, gst_event_new_eos());
  gst_element_set_state(pipeline_, GST_STATE_NULL);
  EXPECT_LT(g_get_monotonic_time() - begin, G_TIME_SPAN_SECOND);
  gst_object_unref(bus);
}

TEST_F(SessionShutdown, InEveryState) {
  makePipeline(emulator_->url(), "hls", "fakesink");
  for (const auto state : {GST_STATE_READY, GST_STATE_PAUSED, GST_STATE_PLAYING, GST_STATE_PAUSED,
                           GST_STATE_READY, GST_STATE_PLAYING}) {
    EXPECT_NE(gst_element_set_state(pipeline_, state), GST_STATE_CHANGE_FAILURE);
  }
  EXPECT_EQ(gst_element_set_state(pipeline_, GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
  EXPECT_EQ(playToEnd(pipeline_), "");
}

}  // namespace
}  // namespace kvsarchive::test
