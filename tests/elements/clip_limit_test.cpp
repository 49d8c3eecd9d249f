// SPDX-License-Identifier: LGPL-2.1-or-later
// Ranges with more than one clip can have, by the emulator's clips: what is missing is told, and
// what is split has every fragment once.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "support/clip_player.h"
#include "support/clip_service.h"
#include "support/emulator_process.h"
#include "support/pipeline_run.h"
#include "support/stats.h"
#include "support/temp_file.h"
#include "support/temp_folder.h"
#include "support/wait_for.h"

namespace kvsarchive::test {
namespace {

std::string config(const std::string& recordings, const std::string& clips = "{}") {
  return R"({"streams": [{"name": "cam1", "clips": )" + clips + R"(, "recordings": [)" +
         recordings + "]}]}";
}

/// Fragments of a second, of four pictures.
std::string recording(int fragments, const std::string& more = "") {
  return R"({"width": 64, "height": 48, "fps": 4, "fragment-duration": 1, "fragments": )" +
         std::to_string(fragments) + more + "}";
}

using Checksums = std::vector<std::string>;

/// Of the video frames of so many fragments, from that one on, in the order of time.
Checksums expectedFrames(const Manifest& manifest, size_t first, size_t count) {
  std::vector<Manifest::Fragment> fragments = manifest.fragments;
  std::stable_sort(fragments.begin(), fragments.end(),
                   [](const auto& a, const auto& b) { return a.producerMs < b.producerMs; });
  Checksums sums;
  for (size_t i = first; i < std::min(first + count, fragments.size()); ++i) {
    for (const auto& frame : manifest.frames) {
      if (frame.fragment == fragments[i].number && frame.trackType == "video") {
        sums.push_back(frame.sha256);
      }
    }
  }
  return sums;
}

Checksums videoOf(const std::string& mp4) {
  Checksums sums;
  const Frames frames = framesOfMp4(mp4);
  for (const auto& [time, sum] : frames.at("video")) {
    sums.push_back(sum);
  }
  return sums;
}

/// All files of a run, one after the other.
Checksums videoOf(const PushedClip& pushed) {
  Checksums sums;
  for (size_t i = 0; i < pushed.disconts.size(); ++i) {
    const size_t begin = pushed.disconts[i];
    const size_t end =
        i + 1 < pushed.disconts.size() ? pushed.disconts[i + 1] : pushed.bytes.size();
    const Checksums more = videoOf(pushed.bytes.substr(begin, end - begin));
    sums.insert(sums.end(), more.begin(), more.end());
  }
  return sums;
}

GstElement* makeSource(const EmulatorProcess& emulator, const char* longClips,
                       const char* end = "2026-03-01T12:00:00Z") {
  GstElement* source = makeClipSource(emulator.url());
  gst_util_set_object_arg(G_OBJECT(source), "long-clips", longClips);
  g_object_set(source, "end-timestamp", end, nullptr);
  return source;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// As statistics have it.
std::string nanoseconds(const Manifest::Fragment& fragment) {
  return std::to_string(fragment.producerMs) + "000000";
}

/// What is counted of files that came without any trouble.
void expectCounted(const PushedClip& pushed, size_t clips) {
  const std::string bytes = std::to_string(pushed.bytes.size());
  EXPECT_EQ(pushed.stats.at("clips"), std::to_string(clips));
  EXPECT_EQ(pushed.stats.at("clip-bytes"), bytes);
  EXPECT_EQ(pushed.stats.at("bytes-received"), bytes);
}

class LongClips : public testing::Test {
 protected:
  static const EmulatorProcess& emulator() {
    static const EmulatorProcess process(
        config(recording(450, R"(, "gaps": [{"after-fragment": 30, "seconds": 100}],
                           "restarts": [{"after-fragment": 300, "pause": 2.5}])")));
    return process;
  }
  void SetUp() override { emulator().forgetRequests(); }
};

TEST_F(LongClips, TheEndOfATruncatedOneIsTold) {
  const Manifest manifest = emulator().manifest("cam1");
  const PushedClip pushed = pushClip(makeSource(emulator(), "truncate"));
  EXPECT_TRUE(pushed.played.eos);
  EXPECT_EQ(videoOf(pushed.bytes), expectedFrames(manifest, 0, 200));
  ASSERT_EQ(pushed.played.warnings.size(), 1u);
  // 200 fragments and a gap of 100 s
  EXPECT_TRUE(contains(pushed.played.warnings.front(),
                       "ends with the fragment of 2026-03-01T10:04:59.000Z, the 200th; the rest "
                       "starts at 2026-03-01T10:05:00.000Z"))
      << pushed.played.warnings.front();
  EXPECT_EQ(pushed.stats.at("complete"), "no");
  EXPECT_EQ(pushed.stats.at("clip-end-timestamp"), nanoseconds(manifest.fragments[199]));
  EXPECT_EQ(pushed.stats.at("rest-start-timestamp"), nanoseconds(manifest.fragments[200]));
  EXPECT_EQ(pushed.stats.at("fragments-left-out"), "0");
  EXPECT_EQ(pushed.stats.at("fragments-listed"), "450");
  expectCounted(pushed, 1);
}

TEST_F(LongClips, OneIsAnErrorBeforeAnythingIsDownloaded) {
  const PushedClip pushed = pushClip(makeSource(emulator(), "error"));
  ASSERT_EQ(pushed.played.errors.size(), 1u);
  EXPECT_EQ(pushed.played.error->domain, "gst-resource-error-quark");
  EXPECT_EQ(pushed.played.error->code, GST_RESOURCE_ERROR_SETTINGS);
  EXPECT_TRUE(contains(pushed.played.error->message, "more than 200 fragments"));
  EXPECT_EQ(pushed.bytes, "");
  EXPECT_EQ(emulator().countRequests("GetClip"), 0u);
}

TEST_F(LongClips, AnEmptyRangeIsNamed) {
  for (const char* longClips : {"truncate", "error", "split"}) {
    SCOPED_TRACE(longClips);
    GstElement* source = makeSource(emulator(), longClips, "2026-02-01T00:10:00Z");
    g_object_set(source, "start-timestamp", "2026-02-01T01:00:00+01:00", nullptr);
    const PushedClip pushed = pushClip(source);
    ASSERT_EQ(pushed.played.errors.size(), 1u);
    EXPECT_EQ(pushed.played.error->domain, "gst-resource-error-quark");
    EXPECT_EQ(pushed.played.error->code, GST_RESOURCE_ERROR_NOT_FOUND);
    EXPECT_TRUE(contains(pushed.played.error->message,
                         "starts between 2026-02-01T00:00:00.000Z and 2026-02-01T00:10:00.000Z UTC "
                         "by its producer timestamp"))
        << pushed.played.error->message;
  }
}

TEST_F(LongClips, SplitInFilesThatHaveEveryFragmentOnce) {
  const Manifest manifest = emulator().manifest("cam1");
  const PushedClip pushed = pushClip(makeSource(emulator(), "split"));
  EXPECT_TRUE(pushed.played.eos);
  EXPECT_TRUE(pushed.played.warnings.empty());
  EXPECT_EQ(pushed.stats.at("complete"), "yes");
  EXPECT_EQ(pushed.stats.at("fragments-listed"), "450");
  expectCounted(pushed, 3);
  ASSERT_EQ(pushed.disconts.size(), 3u);
  ASSERT_EQ(pushed.boundaries.size(), 3u);
  EXPECT_EQ(videoOf(pushed), expectedFrames(manifest, 0, 450));
  const size_t firsts[] = {0, 200, 400};
  const size_t lasts[] = {199, 399, 449};
  for (size_t i = 0; i < 3; ++i) {
    const std::string& told = pushed.boundaries[i];
    EXPECT_TRUE(contains(told, "index=(uint)" + std::to_string(i))) << told;
    EXPECT_TRUE(contains(told, "fragments=(uint)" + std::to_string(lasts[i] - firsts[i] + 1)))
        << told;
    EXPECT_TRUE(contains(told, manifest.fragments[firsts[i]].number)) << told;
    EXPECT_TRUE(contains(told, manifest.fragments[lasts[i]].number)) << told;
    EXPECT_TRUE(contains(
        told, "start-timestamp=(guint64)" + nanoseconds(manifest.fragments[firsts[i]]) + ","))
        << told;
    EXPECT_TRUE(
        contains(told, "end-timestamp=(guint64)" + nanoseconds(manifest.fragments[lasts[i]]) + ";"))
        << told;
  }
}

TEST_F(LongClips, AnErrorOfASplitOneSaysWhereToGoOn) {
  const Manifest manifest = emulator().manifest("cam1");
  emulator().setFaults(
      R"({"faults": [{"kind": "status", "operation": "GetClip", "request": 2, "count": 9}]})");
  GstElement* source = makeSource(emulator(), "split");
  g_object_set(source, "retries", 0, nullptr);
  const PushedClip pushed = pushClip(source);
  emulator().setFaults(R"({"faults": []})");
  ASSERT_EQ(pushed.played.errors.size(), 1u);
  EXPECT_EQ(videoOf(pushed), expectedFrames(manifest, 0, 200));
  const auto& details = pushed.played.error->details;
  EXPECT_EQ(details.at("last-fragment-number"), manifest.fragments[199].number);
  EXPECT_EQ(details.at("last-fragment-timestamp"),
            std::to_string(manifest.fragments[199].producerMs) + "000000");
}

TEST_F(LongClips, SplitByServerTimestamps) {
  const Manifest manifest = emulator().manifest("cam1");
  GstElement* source = makeSource(emulator(), "split");
  gst_util_set_object_arg(G_OBJECT(source), "fragment-selector-type", "server-timestamp");
  const PushedClip pushed = pushClip(source);
  EXPECT_TRUE(pushed.played.eos);
  ASSERT_EQ(pushed.disconts.size(), 3u);
  EXPECT_EQ(videoOf(pushed), expectedFrames(manifest, 0, 450));
}

TEST_F(LongClips, MultifilesinkWritesAFileForEach) {
  const TempFolder folder;
  const std::string pattern = folder.path("%05d.mp4");
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* source = makeSource(emulator(), "split");
  GstElement* sink = gst_element_factory_make("multifilesink", nullptr);
  g_object_set(sink, "location", pattern.c_str(), nullptr);
  gst_util_set_object_arg(G_OBJECT(sink), "next-file", "discont");
  gst_bin_add_many(GST_BIN(pipeline), source, sink, nullptr);
  gst_element_link(source, sink);
  EXPECT_EQ(playToEnd(pipeline), "");
  gst_object_unref(pipeline);
  Checksums sums;
  for (int i = 0;; ++i) {
    const std::string path = folder.path("0000" + std::to_string(i) + ".mp4");
    g_autofree gchar* content = nullptr;
    gsize size = 0;
    if (g_file_get_contents(path.c_str(), &content, &size, nullptr) == FALSE) {
      EXPECT_EQ(i, 3);
      break;
    }
    const Checksums more = videoOf(std::string(content, size));
    sums.insert(sums.end(), more.begin(), more.end());
  }
  EXPECT_EQ(sums, expectedFrames(emulator().manifest("cam1"), 0, 450));
}

TEST_F(LongClips, ASplitOneIsNeitherPulledNorSoughtIn) {
  GstElement* source = makeSource(emulator(), "split", "2026-03-01T10:00:05Z");
  ClipPlayer player(source, Scheduling::kPull);  // qtdemux is pushed to all the same
  ASSERT_TRUE(player.preroll());
  EXPECT_FALSE(player.seek(2000));
  GstQuery* query = gst_query_new_seeking(GST_FORMAT_BYTES);
  EXPECT_TRUE(gst_element_query(source, query));
  gboolean isSeekable = TRUE;
  gst_query_parse_seeking(query, nullptr, &isSeekable, nullptr, nullptr);
  EXPECT_FALSE(isSeekable);
  gst_query_unref(query);
}

TEST_F(LongClips, OneThatFitsIsComplete) {
  for (const char* longClips : {"truncate", "error", "split"}) {
    const PushedClip pushed = pushClip(makeSource(emulator(), longClips, "2026-03-01T10:01:00Z"));
    EXPECT_TRUE(pushed.played.eos) << longClips;
    EXPECT_TRUE(pushed.played.warnings.empty()) << longClips;
    EXPECT_EQ(pushed.stats.at("complete"), "yes") << longClips;
    EXPECT_EQ(pushed.disconts.size(), 1u) << longClips;
    EXPECT_EQ(pushed.boundaries.size(), std::string(longClips) == "split" ? 1u : 0u);
    EXPECT_EQ(videoOf(pushed.bytes), expectedFrames(emulator().manifest("cam1"), 0, 30));
  }
}

TEST_F(LongClips, WithoutACheckNothingIsListedAndNothingKnown) {
  GstElement* source = makeSource(emulator(), "truncate");
  g_object_set(source, "check-complete", FALSE, nullptr);
  const PushedClip pushed = pushClip(source);
  EXPECT_TRUE(pushed.played.eos);
  EXPECT_TRUE(pushed.played.warnings.empty());
  EXPECT_EQ(pushed.stats.at("complete"), "unknown");
  EXPECT_EQ(emulator().countRequests("ListFragments"), 0u);
}

TEST_F(LongClips, OneContinuousExportIsKvsarchivesrcs) {
  const TempFile file("");
  g_autofree gchar* text = g_strdup_printf(
      "kvsarchivesrc name=s seekable=false endpoint-url=%s aws-region=us-east-1 stream-name=cam1 "
      "start-timestamp=2026-03-01T10:00:00Z end-timestamp=2026-03-01T12:00:00Z ! matroskademux ! "
      "h264parse ! mp4mux ! filesink location=%s",
      emulator().url().c_str(), file.path());
  GstElement* pipeline = gst_parse_launch(text, nullptr);
  GstElement* source = gst_bin_get_by_name(GST_BIN(pipeline), "s");
  g_object_set(source, "access-key", kAccessKey, "secret-key", kSecretKey, nullptr);
  gst_object_unref(source);
  EXPECT_EQ(playToEnd(pipeline), "");
  gst_object_unref(pipeline);
  g_autofree gchar* content = nullptr;
  gsize size = 0;
  ASSERT_TRUE(g_file_get_contents(file.path(), &content, &size, nullptr));
  const Manifest manifest = emulator().manifest("cam1");
  const auto video = framesOfMp4(std::string(content, size)).at("video");
  const Checksums expected = expectedFrames(manifest, 0, 450);
  ASSERT_EQ(video.size(), expected.size());
  for (size_t i = 0; i < video.size(); ++i) {
    ASSERT_EQ(video[i].second, expected[i]) << i;
    const int64_t ms = manifest.frames[i].timeMs - manifest.frames.front().timeMs;
    ASSERT_NEAR(static_cast<double>(video[i].first), static_cast<double>(ms) * 1e6, 1e5) << i;
  }
}

TEST(ClipLimits, NoPermissionToListIsAWarning) {
  const ClipService service(makeMp4(Mp4Layout::kMovieLast, 2));  // lists nothing
  const PushedClip pushed = pushClip(makeClipSource(service.url()));
  EXPECT_TRUE(pushed.played.eos);
  EXPECT_EQ(pushed.bytes, service.mp4());
  ASSERT_EQ(pushed.played.warnings.size(), 1u);
  EXPECT_TRUE(contains(pushed.played.warnings.front(), "can't be checked"));
  EXPECT_EQ(pushed.stats.at("complete"), "unknown");
  for (const char* longClips : {"error", "split"}) {
    GstElement* source = makeClipSource(service.url());
    gst_util_set_object_arg(G_OBJECT(source), "long-clips", longClips);
    const PushedClip refused = pushClip(source);
    ASSERT_EQ(refused.played.errors.size(), 1u) << longClips;
    EXPECT_EQ(refused.played.error->code, GST_RESOURCE_ERROR_NOT_AUTHORIZED) << longClips;
    EXPECT_EQ(refused.played.error->details.at("operation"), "ListFragments") << longClips;
  }
}

TEST(ClipLimits, AClipThatEndsBeforeAnyKnownLimitIsToldToo) {
  const EmulatorProcess emulator(config(recording(40), R"({"max-fragments": 12})"));
  const PushedClip truncated = pushClip(makeSource(emulator, "truncate"));
  EXPECT_TRUE(truncated.played.eos);
  ASSERT_EQ(truncated.played.warnings.size(), 1u);
  EXPECT_TRUE(contains(truncated.played.warnings.front(),
                       "ends with the fragment of 2026-03-01T10:00:11.000Z; the rest starts at "
                       "2026-03-01T10:00:12.000Z, 28 fragments"))
      << truncated.played.warnings.front();
  EXPECT_EQ(truncated.stats.at("complete"), "no");
  for (const char* longClips : {"error", "split"}) {
    const PushedClip failed = pushClip(makeSource(emulator, longClips));
    ASSERT_EQ(failed.played.errors.size(), 1u) << longClips;
    EXPECT_TRUE(contains(failed.played.error->message, "ends with the fragment of"));
    EXPECT_LT(failed.bytes.size(), truncated.bytes.size()) << longClips;  // not its end
  }
}

TEST(ClipLimits, ALaterIngestionOfTheSameTimeIsToldAndNotSplit) {
  // 20 s, then the clock goes back by 10 s
  const EmulatorProcess emulator(
      config(recording(40, R"(, "restarts": [{"after-fragment": 20, "pause": 0,
                                              "clock-step": -10.5}])")));
  const Manifest manifest = emulator.manifest("cam1");
  const PushedClip truncated = pushClip(makeSource(emulator, "truncate"));
  EXPECT_TRUE(truncated.played.eos);
  ASSERT_EQ(truncated.played.warnings.size(), 1u);
  EXPECT_TRUE(contains(truncated.played.warnings.front(), "20 fragments are not in the clip"))
      << truncated.played.warnings.front();
  EXPECT_EQ(truncated.stats.at("complete"), "no");
  EXPECT_EQ(truncated.stats.at("fragments-left-out"), "20");
  EXPECT_EQ(pushClip(makeSource(emulator, "error")).played.errors.size(), 1u);
  const PushedClip split = pushClip(makeSource(emulator, "split"));
  EXPECT_TRUE(split.played.eos);
  EXPECT_EQ(videoOf(split), expectedFrames(manifest, 0, 40));
}

TEST(ClipLimits, FragmentsOfOneTimeCantBeSplit) {
  const EmulatorProcess emulator(config(recording(4) + ", " + recording(4)));
  const PushedClip split = pushClip(makeSource(emulator, "split"));
  ASSERT_EQ(split.played.errors.size(), 1u);
  EXPECT_EQ(split.played.error->code, GST_RESOURCE_ERROR_SETTINGS);
  EXPECT_TRUE(contains(split.played.error->message, "several fragments have the time"));
  EXPECT_EQ(emulator.countRequests("GetClip"), 0u);
}

TEST(ClipLimits, SplitGoesOverADay) {
  const EmulatorProcess emulator(
      config(recording(6, R"(, "gaps": [{"after-fragment": 3, "seconds": 100000}])")));
  const PushedClip refused = pushClip(makeSource(emulator, "split", "2026-03-05T10:00:00Z"));
  EXPECT_TRUE(refused.played.eos);
  EXPECT_EQ(refused.disconts.size(), 2u);
  EXPECT_EQ(videoOf(refused), expectedFrames(emulator.manifest("cam1"), 0, 6));
}

TEST(ClipLimits, NoMoreThanTwoFilesOfASplitOneAreHeld) {
  // A day is the most that a clip can span.
  const EmulatorProcess emulator(
      config(recording(9, R"(, "gaps": [{"after-fragment": 3, "seconds": 100000},
                                        {"after-fragment": 6, "seconds": 100000}])")));
  constexpr guint64 kMemory = 4000;
  GstElement* source = makeSource(emulator, "split", "2026-03-05T10:00:00Z");
  g_object_set(source, "spool-memory", kMemory, nullptr);
  GstElement* pipeline = prerolled(source);
  // Then the third is known, and there is no room for it.
  EXPECT_TRUE(waitFor([&] { return statsCount(source, "fragments-listed") == 9; }));
  EXPECT_FALSE(waitFor([&] { return emulator.countRequests("GetClip") > 2; },
                       std::chrono::milliseconds(300)));
  EXPECT_EQ(statsCount(source, "clips"), 2u);
  EXPECT_EQ(statsCount(source, "bytes-in-memory"), kMemory);
  EXPECT_EQ(statsCount(source, "bytes-in-file"), statsCount(source, "clip-bytes") - kMemory);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

TEST(ClipLimits, TheQuotaIsKept) {
  const EmulatorProcess emulator(config(recording(420)));
  emulator.change("quotas", R"({"quotas": "published"})");
  const PushedClip pushed = pushClip(makeSource(emulator, "split"));
  EXPECT_TRUE(pushed.played.eos);
  EXPECT_EQ(pushed.disconts.size(), 3u);
  for (const auto& request : emulator.requests()) {
    EXPECT_EQ(request.status, 200) << request.operation;
  }
}

}  // namespace
}  // namespace kvsarchive::test
