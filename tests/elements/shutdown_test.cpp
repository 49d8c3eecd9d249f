// SPDX-License-Identifier: LGPL-2.1-or-later
// NULL is reached within a second wherever the service hangs, and the element starts anew after it.
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "support/aws_scene.h"
#include "support/dead_listener.h"
#include "support/emulator_process.h"
#include "support/pipeline_run.h"
#include "support/player.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 160, "height": 120, "fragments": 6, "fragment-duration": 1,
     "fps": 10, "start": "2026-03-01T10:00:00Z"}]}]})";

class Shutdown : public testing::Test {
 protected:
  void TearDown() override { gst_object_unref(pipeline_); }

  void makePipeline(GstElement* source, bool blockedSink = false) {
    pipeline_ = gst_pipeline_new(nullptr);
    GstElement* sink = gst_element_factory_make("fakesink", nullptr);
    // A sink that waits for its preroll to end holds the streaming thread in push.
    g_object_set(sink, "async", blockedSink ? TRUE : FALSE, "sync", FALSE, nullptr);
    gst_bin_add_many(GST_BIN(pipeline_), source, sink, nullptr);
    gst_element_link(source, sink);
  }

  GstElement* pipeline_ = nullptr;
};

TEST_F(Shutdown, WhileConnecting) {
  for (const auto queue : {DeadListener::Queue::kFree, DeadListener::Queue::kFull}) {
    const DeadListener listener(queue);
    gst_clear_object(&pipeline_);
    makePipeline(makeSource(listener.url(), "cam1"));
    for (int delay : {0, 1, 20, 300}) {
      expectQuickStop(pipeline_, GST_STATE_PLAYING, std::chrono::milliseconds(delay));
    }
  }
}

TEST_F(Shutdown, WhileAnAnswerIsAwaited) {
  const EmulatorProcess emulator(kConfig);
  makePipeline(makeSource(emulator.url(), "cam1"));
  for (const char* operation : {"GetDataEndpoint", "ListFragments", "GetMediaForFragmentList"}) {
    for (const char* stage : {"before-headers", "after-headers"}) {
      emulator.setFaults(std::string(R"({"faults": [{"kind": "stall", "operation": ")") +
                         operation + R"(", "stage": ")" + stage + R"("}]})");
      expectQuickStop(pipeline_, GST_STATE_PLAYING, std::chrono::milliseconds(200));
    }
    emulator.setFaults(R"({"faults": []})");
    EXPECT_EQ(playToEnd(pipeline_), "");
  }
}

TEST_F(Shutdown, WhileTheBodyStalls) {
  const EmulatorProcess emulator(kConfig);
  makePipeline(makeSource(emulator.url(), "cam1"));
  for (const char* bytes : {"1", "2000", "30000"}) {
    emulator.setFaults(std::string(
                           R"({"faults": [{"kind": "stall", "operation": "GetMediaForFragmentList",
                               "stage": "in-body", "bytes": )") +
                       bytes + "}]}");
    expectQuickStop(pipeline_, GST_STATE_PLAYING, std::chrono::milliseconds(200));
  }
  emulator.setFaults(R"({"faults": []})");
  EXPECT_EQ(playToEnd(pipeline_), "");
}

// gst-launch-1.0 -e sends it on Ctrl-C, and waits for open progress steps and for EOS.
TEST_F(Shutdown, AnEosOfTheApplicationEndsTheOpening) {
  const EmulatorProcess emulator(kConfig);
  makePipeline(makeSource(emulator.url(), "cam1"));
  for (const char* operation : {"GetDataEndpoint", "ListFragments", "GetMediaForFragmentList"}) {
    emulator.setFaults(std::string(R"({"faults": [{"kind": "stall", "operation": ")") + operation +
                       R"(", "stage": "before-headers"}]})");
    gst_element_set_state(pipeline_, GST_STATE_PLAYING);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    gst_element_send_event(pipeline_, gst_event_new_eos());
    GstBus* bus = gst_element_get_bus(pipeline_);
    int openSteps = 0;
    bool eos = false;
    while (!eos) {
      GstMessage* message = gst_bus_timed_pop_filtered(
          bus, 10 * GST_SECOND,
          static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_PROGRESS));
      ASSERT_NE(message, nullptr) << operation;
      eos = GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS;
      if (!eos) {
        GstProgressType type{};
        gst_message_parse_progress(message, &type, nullptr, nullptr);
        openSteps += type == GST_PROGRESS_TYPE_START ? 1 : -1;
      }
      gst_message_unref(message);
    }
    EXPECT_EQ(openSteps, 0) << operation;
    gst_object_unref(bus);
    gst_element_set_state(pipeline_, GST_STATE_NULL);
  }
}

TEST_F(Shutdown, WhileRegionOrCredentialsAreAwaited) {
  constexpr const char* kRole = "arn:aws:iam::123456789012:role/x";
  const struct {
    const char* name;
    const char* region;
    void (*setUp)(AwsScene&, const std::string& url);
  } cases[] = {
      {"region of the instance", nullptr,
       [](AwsScene& scene, const std::string& url) { scene.setMetadataService(url); }},
      {"instance", "us-east-1",
       [](AwsScene& scene, const std::string& url) { scene.setMetadataService(url); }},
      {"container", "us-east-1",
       [](AwsScene& scene, const std::string& url) {
         scene.setVariable("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
       }},
      {"web identity", "us-east-1",
       [](AwsScene& scene, const std::string& url) {
         scene.setVariable("AWS_ENDPOINT_URL_STS", url);
         scene.setVariable("AWS_ROLE_ARN", kRole);
         scene.setVariable("AWS_WEB_IDENTITY_TOKEN_FILE", scene.file("token"));
       }},
      {"role", "us-east-1",
       [](AwsScene& scene, const std::string& url) {
         scene.setVariable("AWS_ENDPOINT_URL_STS", url);
         scene.writeConfig(std::string("[default]\nrole_arn = ") + kRole +
                           "\nsource_profile = default\naws_access_key_id = AKID\n"
                           "aws_secret_access_key = secret\n");
       }},
      {"credential_process", "us-east-1",
       [](AwsScene& scene, const std::string& url) {
         scene.writeConfig("[default]\ncredential_process = sh -c 'curl " + url + "; sleep 60'\n");
       }},
  };
  for (const auto& c : cases) {
    AwsScene scene;
    scene.setVariable("AWS_METADATA_SERVICE_TIMEOUT", "60");
    const FakeHttpServer& server = scene.serve(
        [](const ReceivedRequest&, ServerConnection& connection) { connection.stall(); });
    c.setUp(scene, server.url());
    GstElement* source = makeSource("http://127.0.0.1:1", "cam1");
    g_object_set(source, "access-key", nullptr, "secret-key", nullptr, "aws-region", c.region,
                 nullptr);
    gst_clear_object(&pipeline_);
    makePipeline(source);
    for (int delay : {0, 1, 20}) {
      expectQuickStop(pipeline_, GST_STATE_PLAYING, std::chrono::milliseconds(delay));
    }
    const size_t requests = server.requests().size();
    gst_element_set_state(pipeline_, GST_STATE_PLAYING);
    while (server.requests().size() == requests) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    expectQuickStop(pipeline_, GST_STATE_PLAYING, std::chrono::milliseconds(50));
  }
}

TEST_F(Shutdown, WhileDownstreamBlocks) {
  const EmulatorProcess emulator(kConfig);
  makePipeline(makeSource(emulator.url(), "cam1"), true);
  expectQuickStop(pipeline_, GST_STATE_PAUSED, std::chrono::milliseconds(300));
  EXPECT_EQ(playToEnd(pipeline_), "");
}

TEST_F(Shutdown, AtAnyMoment) {
  const EmulatorProcess emulator(kConfig);
  makePipeline(makeSource(emulator.url(), "cam1"));
  for (int delay = 0; delay < 30; ++delay) {
    expectQuickStop(pipeline_, GST_STATE_PLAYING, std::chrono::milliseconds(delay));
  }
  EXPECT_EQ(playToEnd(pipeline_), "");
}

TEST_F(Shutdown, ThroughReadyAndBack) {
  const EmulatorProcess emulator(kConfig);
  makePipeline(makeSource(emulator.url(), "cam1"));
  for (int i = 0; i < 3; ++i) {
    gst_element_set_state(pipeline_, GST_STATE_PLAYING);
    std::this_thread::sleep_for(std::chrono::milliseconds(5 * i));
    EXPECT_EQ(gst_element_set_state(pipeline_, GST_STATE_READY), GST_STATE_CHANGE_SUCCESS);
  }
  EXPECT_EQ(playToEnd(pipeline_), "");
}

}  // namespace
}  // namespace kvsarchive::test
