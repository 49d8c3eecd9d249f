// SPDX-License-Identifier: LGPL-2.1-or-later
// Several connections, the stream's quotas, and what waits while downstream blocks.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "support/chunk_builder.h"
#include "support/emulator_process.h"
#include "support/expectation.h"
#include "support/pipeline_run.h"
#include "support/player.h"
#include "support/stats.h"
#include "support/temp_file.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"streams": [
    {"name": "large", "recordings": [
      {"type": "bulk", "fragments": 40, "fragment-size": 1000000, "frame-size": 10000}]},
    {"name": "small", "recordings": [
      {"type": "bulk", "fragments": 300, "fragment-size": 20000, "frame-size": 2000}]}]})";

class Fetch : public testing::Test {
 protected:
  static void SetUpTestSuite() { emulator_ = std::make_unique<EmulatorProcess>(kConfig); }
  static void TearDownTestSuite() { emulator_.reset(); }

  void SetUp() override {
    emulator_->setFaults(R"({"faults": []})");
    emulator_->change("quotas", R"({"quotas": {}})");
    emulator_->forgetRequests();
  }

  static GstElement* source(const char* stream) {
    GstElement* source = makeSource(emulator_->url(), stream);
    g_object_set(source, "start-timestamp", "0", "end-timestamp", "2100-01-01T00:00:00Z", nullptr);
    return source;
  }

  static std::string errorsOf(const std::vector<LoggedRequest>& requests) {
    std::map<std::string, int> errors;
    for (const LoggedRequest& request : requests) {
      if (!request.errorCode.empty()) {
        ++errors[request.errorCode];
      }
    }
    std::string text;
    for (const auto& [code, count] : errors) {
      text += code + " x " + std::to_string(count) + " ";
    }
    return text;
  }

  static std::unique_ptr<EmulatorProcess> emulator_;
};

std::unique_ptr<EmulatorProcess> Fetch::emulator_;

TEST_F(Fetch, ManyConnectionsMakeTheSameDocument) {
  GstElement* one = source("large");
  g_object_set(one, "max-connections", 1, nullptr);
  const Played alone = playDocument(one);
  ASSERT_FALSE(alone.error);
  EXPECT_EQ(alone.stats.at("fragments-delivered"), 40U);
  for (const unsigned connections : {2U, 5U}) {
    for (const guint64 prefetch : {1U << 20, 8U << 20, 64U << 20}) {
      GstElement* element = source("large");
      g_object_set(element, "max-connections", connections, "prefetch-bytes", prefetch, nullptr);
      const Played played = playDocument(element);
      ASSERT_FALSE(played.error) << played.error->message;
      EXPECT_TRUE(played.document == alone.document) << connections << " " << prefetch;
    }
  }
}

/// Three chunks of three frames each, none like another, as the service sends them.
std::string chunksOfLargeFrames() {
  std::mt19937 random(4711);
  std::string text;
  for (int i = 0; i < 3; ++i) {
    ChunkSpec chunk;
    chunk.number = std::to_string(100 + i);
    chunk.producerTimestamp = std::to_string(1772359200 + 2 * i) + ".000";
    chunk.serverTimestamp = std::to_string(1772359201 + 2 * i) + ".000";
    chunk.tracks[0].codecId = "V_VP8";
    chunk.tracks[0].codecPrivate.clear();
    chunk.clusters.resize(1);
    for (int16_t frame = 0; frame < 3; ++frame) {
      BlockSpec block;
      block.offset = static_cast<int16_t>(500 * frame);
      block.payload.resize(size_t{700'000} << (2 * frame));  // up to 11 MB
      std::generate(block.payload.begin(), block.payload.end(),
                    [&] { return static_cast<char>(random()); });
      chunk.clusters[0].blocks.push_back(block);
    }
    text += buildChunk(chunk);
  }
  return text;
}

/// They lie in several slabs, some in more than a GstBuffer takes pieces.
TEST(FetchOfLargeFrames, AllComeOutWhole) {
  const TempFile file(chunksOfLargeFrames());
  const EmulatorProcess emulator(
      std::string(R"({"streams": [{"name": "cam1", "recordings": [{"type": "raw", "path": ")") +
      file.path() + R"("}]}]})");
  const Manifest manifest = emulator.manifest("cam1");
  ASSERT_EQ(manifest.frames.size(), 9U);
  for (const guint64 prefetch : {1U << 20, 64U << 20}) {
    GstElement* element = makeSource(emulator.url(), "cam1");
    g_object_set(element, "prefetch-bytes", prefetch, nullptr);
    expectPlayed(manifest, play(element));
  }
}

TEST_F(Fetch, ElementsOfOneStreamStayWithinItsQuotasTogether) {
  emulator_->change("quotas", R"({"quotas": "published"})");
  std::vector<std::thread> players;
  std::atomic<int> complete{0};
  for (int i = 0; i < 10; ++i) {
    players.emplace_back([&, i] {
      const Played played = playDocument(source(i < 7 ? "small" : "large"));
      complete += !played.error && played.stats.at("fragments-delivered") == (i < 7 ? 300U : 40U);
    });
  }
  for (std::thread& player : players) {
    player.join();
  }
  EXPECT_EQ(complete, 10);
  const auto requests = emulator_->requests();
  EXPECT_EQ(errorsOf(requests), "");
  const auto ofEndpoints = std::count_if(
      requests.begin(), requests.end(),
      [](const LoggedRequest& request) { return request.operation == "GetDataEndpoint"; });
  EXPECT_LE(ofEndpoints,
            8);  // two streams with two APIs each; one that begins meanwhile may ask too
}

TEST_F(Fetch, LowerQuotasSlowDownAndLoseNothing) {
  // As if others read the stream too.
  emulator_->change(
      "quotas",
      R"({"quotas": {"requests": 5, "media-points": 200, "media-connections": 2, "bytes-per-second": 8000000}})");
  GstElement* element = source("large");
  g_object_set(element, "max-connections", 5, "prefetch-bytes", guint64{4 << 20}, nullptr);
  const Played played = playDocument(element);
  ASSERT_FALSE(played.error) << played.error->message;
  EXPECT_EQ(played.stats.at("fragments-delivered"), 40U);
  EXPECT_GT(played.stats.at("retries-throttled"), 0U);
  EXPECT_NE(errorsOf(emulator_->requests()), "");
}

/// What is fetched ahead while nobody calls for it.
TEST_F(Fetch, TellsHowItGetsOnWhileDownstreamBlocks) {
  constexpr guint64 kPrefetch = guint64{16} << 20;
  GstElement* element = source("large");
  g_object_set(element, "prefetch-bytes", kPrefetch, nullptr);
  GstElement* pipeline = prerolled(element);
  const gint64 until = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND;
  uint64_t outstanding = 0;
  while (outstanding < kPrefetch / 2 && g_get_monotonic_time() < until) {
    outstanding = statsCount(element, "bytes-outstanding");
    EXPECT_LE(outstanding, kPrefetch + (1 << 20));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_GE(outstanding, kPrefetch / 2);
  EXPECT_GE(statsCount(element, "bytes-received"), kPrefetch / 2);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

}  // namespace
}  // namespace kvsarchive::test
