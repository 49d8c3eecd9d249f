// SPDX-License-Identifier: LGPL-2.1-or-later
// What ends a run before it has begun: an EOS of the application, and NULL while credentials are
// awaited. restart_test.cpp has all later stages.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "support/aws_scene.h"
#include "support/emulator_process.h"
#include "support/pipeline_run.h"
#include "support/player.h"
#include "support/wait_for.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 160, "height": 120, "fragments": 6, "fragment-duration": 1,
     "fps": 10, "start": "2026-03-01T10:00:00Z"}]}]})";

class Shutdown : public testing::Test {
 protected:
  void TearDown() override {
    gst_element_set_state(pipeline_, GST_STATE_NULL);
    gst_object_unref(pipeline_);
  }

  void makePipeline(GstElement* source) {
    pipeline_ = gst_pipeline_new(nullptr);
    GstElement* sink = gst_element_factory_make("fakesink", nullptr);
    g_object_set(sink, "async", FALSE, "sync", FALSE, nullptr);
    gst_bin_add_many(GST_BIN(pipeline_), source, sink, nullptr);
    gst_element_link(source, sink);
  }

  GstElement* pipeline_ = nullptr;
};

// gst-launch-1.0 -e sends it on Ctrl-C, and waits for open progress steps and for EOS.
TEST_F(Shutdown, AnEosOfTheApplicationEndsTheOpening) {
  const EmulatorProcess emulator(kConfig);
  makePipeline(makeSource(emulator.url(), "cam1"));
  for (const char* operation : {"GetDataEndpoint", "ListFragments", "GetMediaForFragmentList"}) {
    emulator.setFaults(std::string(R"({"faults": [{"kind": "stall", "operation": ")") + operation +
                       R"(", "stage": "before-headers"}]})");
    emulator.forgetRequests();
    gst_element_set_state(pipeline_, GST_STATE_PLAYING);
    ASSERT_TRUE(waitFor([&] { return emulator.countRequests(operation) > 0; })) << operation;
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
    ASSERT_TRUE(waitFor([&] { return server.requests().size() > requests; })) << c.name;
    expectQuickStop(pipeline_, GST_STATE_PLAYING, std::chrono::milliseconds(50));
  }
}

}  // namespace
}  // namespace kvsarchive::test
