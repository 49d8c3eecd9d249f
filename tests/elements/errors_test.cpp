// SPDX-License-Identifier: LGPL-2.1-or-later
// What the user is told when it goes wrong: domain, code, text and details, once.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/clip_player.h"
#include "support/emulator_process.h"
#include "support/pipeline_run.h"
#include "support/player.h"

namespace kvsarchive::test {
namespace {

constexpr const char* kResource = "gst-resource-error-quark";
constexpr const char* kStream = "gst-stream-error-quark";

const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 160, "height": 120, "fragments": 6, "fragment-duration": 1,
     "fps": 10, "start": "2026-03-01T10:00:00Z"}]}]})";

class Errors : public testing::Test {
 protected:
  GstElement* source() { return makeSource(emulator_.url(), "cam1"); }

  Played playWithFault(const std::string& fault) {
    emulator_.setFaults(R"({"faults": [)" + fault + "]}");
    GstElement* element = source();
    g_object_set(element, "timeout", 1, "retries", 0, nullptr);
    return play(element);
  }

  static void expectError(const Played& played, const char* domain, int code,
                          const std::string& text) {
    ASSERT_TRUE(played.error);
    EXPECT_FALSE(played.eos);
    EXPECT_EQ(played.sourceErrors(), 1U);
    EXPECT_EQ(played.errors.front().rfind("kvsarchivesrc", 0), 0U) << played.errors.front();
    EXPECT_TRUE(played.errors.size() == 1 || played.frames() > 0);
    EXPECT_EQ(played.error->domain, domain);
    EXPECT_EQ(played.error->code, code);
    EXPECT_NE(played.error->message.find(text), std::string::npos) << played.error->message;
  }

  static void expectDetails(const Played& played, const std::string& operation,
                            const std::string& status, const std::string& awsCode) {
    ASSERT_TRUE(played.error);
    auto details = played.error->details;
    EXPECT_EQ(details["operation"], operation);
    EXPECT_EQ(details["stream"], "cam1");
    EXPECT_EQ(details["http-status-code"], status);
    EXPECT_EQ(details["aws-error-code"], awsCode);
    EXPECT_FALSE(details["aws-request-id"].empty());
    EXPECT_NE(played.error->debug.find(details["aws-request-id"]), std::string::npos);
  }

  const EmulatorProcess emulator_{kConfig};
};

TEST_F(Errors, WrongSecret) {
  GstElement* element = source();
  g_object_set(element, "secret-key", "wrong", nullptr);
  const Played played = play(element);
  expectError(played, kResource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "credentials");
  expectDetails(played, "GetDataEndpoint", "403", "InvalidSignatureException");
}

TEST_F(Errors, UnknownKey) {
  GstElement* element = source();
  g_object_set(element, "access-key", "AKIDNOBODY", nullptr);
  const Played played = play(element);
  expectError(played, kResource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "credentials");
  expectDetails(played, "GetDataEndpoint", "403", "UnrecognizedClientException");
}

TEST_F(Errors, UnknownStream) {
  GstElement* element = makeSource(emulator_.url(), "cam2");
  const Played played = play(element);
  expectError(played, kResource, GST_RESOURCE_ERROR_NOT_FOUND, "Check stream");
  EXPECT_EQ(played.error->details.at("aws-error-code"), "ResourceNotFoundException");
  EXPECT_EQ(played.error->details.at("stream"), "cam2");
}

TEST_F(Errors, EmptyRangeNamesItInUtc) {
  GstElement* element = source();
  g_object_set(element, "start-timestamp", "2026-02-01T01:00:00+01:00", "end-timestamp",
               "2026-02-01T01:10:00+01:00", nullptr);
  const Played played = play(element);
  expectError(played, kResource, GST_RESOURCE_ERROR_NOT_FOUND,
              "between 2026-02-01T00:00:00.000Z and 2026-02-01T00:10:00.000Z");
  EXPECT_EQ(played.error->details.at("operation"), "ListFragments");
  EXPECT_EQ(played.error->details.at("stream"), "cam1");
  EXPECT_EQ(played.progress,
            (std::vector<std::string>{"start open", "complete open", "start list", "error list"}));
}

TEST_F(Errors, Throttled) {
  const Played played = playWithFault(
      R"({"kind": "status", "operation": "ListFragments", "status": 400,
          "code": "ClientLimitExceededException"})");
  expectError(played, kResource, GST_RESOURCE_ERROR_BUSY, "later");
  expectDetails(played, "ListFragments", "400", "ClientLimitExceededException");
}

TEST_F(Errors, RefusedArgument) {
  const Played played = playWithFault(
      R"({"kind": "status", "operation": "GetMediaForFragmentList", "status": 400,
          "code": "InvalidArgumentException"})");
  expectError(played, kResource, GST_RESOURCE_ERROR_SETTINGS, "properties");
  expectDetails(played, "GetMediaForFragmentList", "400", "InvalidArgumentException");
}

TEST_F(Errors, ServerFailure) {
  const Played played = playWithFault(
      R"({"kind": "status", "operation": "GetMediaForFragmentList", "status": 500,
          "code": "InternalFailure"})");
  expectError(played, kResource, GST_RESOURCE_ERROR_OPEN_READ, "try again");
  expectDetails(played, "GetMediaForFragmentList", "500", "InternalFailure");
}

TEST_F(Errors, RedirectIsNotFollowed) {
  const Played played = playWithFault(
      R"({"kind": "redirect", "operation": "ListFragments", "location": "http://127.0.0.1:1/"})");
  expectError(played, kResource, GST_RESOURCE_ERROR_OPEN_READ, "redirect");
  EXPECT_EQ(played.error->details.at("http-status-code"), "302");
}

TEST_F(Errors, CutBody) {
  const Played played =
      playWithFault(R"({"kind": "cut", "operation": "GetMediaForFragmentList", "bytes": 20000})");
  expectError(played, kResource, GST_RESOURCE_ERROR_READ, "fragment");
  expectDetails(played, "GetMediaForFragmentList", "200", "");
}

TEST_F(Errors, StalledBody) {
  const Played played = playWithFault(
      R"({"kind": "stall", "operation": "GetMediaForFragmentList", "stage": "in-body",
          "bytes": 20000})");
  expectError(played, kResource, GST_RESOURCE_ERROR_READ, "raise timeout");
}

TEST_F(Errors, StalledAnswer) {
  const Played played = playWithFault(
      R"({"kind": "stall", "operation": "ListFragments", "stage": "before-headers"})");
  expectError(played, kResource, GST_RESOURCE_ERROR_OPEN_READ, "");
  EXPECT_EQ(played.error->details.at("operation"), "ListFragments");
}

TEST_F(Errors, NobodyListens) {
  GstElement* element = makeSource("http://127.0.0.1:1", "cam1");
  g_object_set(element, "retries", 0, nullptr);
  const Played played = play(element);
  expectError(played, kResource, GST_RESOURCE_ERROR_OPEN_READ, "127.0.0.1");
  EXPECT_EQ(played.error->details.count("http-status-code"), 0U);
  EXPECT_EQ(played.error->details.at("operation"), "GetDataEndpoint");
}

TEST_F(Errors, MissingFragmentIsSkippedLoudly) {
  const auto stored = emulator_.manifest("cam1");
  for (const char* tagNames : {"short", "long"}) {
    const Played played =
        playWithFault(R"({"kind": "in-band-error", "fragment": ")" + stored.fragments[2].number +
                      R"(", "tag-names": ")" + tagNames + R"("})");
    ASSERT_TRUE(played.eos);
    ASSERT_EQ(played.warnings.size(), 1U);
    EXPECT_NE(played.warnings[0].find(stored.fragments[2].number), std::string::npos);
    EXPECT_EQ(played.stats.at("fragments-listed"), 6U);
    EXPECT_EQ(played.stats.at("fragments-delivered"), 5U);
    EXPECT_EQ(played.stats.at("fragments-missing"), 1U);
    const auto& events = played.first(true)->events;
    ASSERT_EQ(events.size(), 5U);
    EXPECT_TRUE(events[0].discont);
    EXPECT_FALSE(events[1].discont);
    EXPECT_TRUE(events[2].discont);
    EXPECT_FALSE(events[3].discont);
  }
}

TEST_F(Errors, FragmentThatIsNeverSentIsSkippedLoudly) {
  const std::string number = emulator_.manifest("cam1").fragments[2].number;
  const Played played = playWithFault(R"({"kind": "missing", "fragment": ")" + number + R"("})");
  ASSERT_TRUE(played.eos);
  ASSERT_EQ(played.warnings.size(), 1U);
  EXPECT_NE(played.warnings[0].find(number), std::string::npos);
  EXPECT_EQ(played.stats.at("fragments-missing"), 1U);
  EXPECT_EQ(played.stats.at("fragments-delivered"), 5U);
}

TEST_F(Errors, FragmentThatIsLeftOutOnceIsAskedForAgain) {
  const Played played = playWithFault(
      R"({"kind": "missing", "operation": "GetMediaForFragmentList", "request": 1,
          "fragment-index": 2})");
  ASSERT_TRUE(played.eos);
  EXPECT_TRUE(played.warnings.empty());
  EXPECT_EQ(played.stats.at("fragments-delivered"), 6U);
  EXPECT_EQ(played.frames(), 60U);
}

TEST_F(Errors, ReorderedChunksPlayInOrder) {
  const Played played =
      playWithFault(R"({"kind": "reorder", "operation": "GetMediaForFragmentList"})");
  ASSERT_TRUE(played.eos);
  EXPECT_EQ(played.stats.at("fragments-delivered"), 6U);
  const auto& frames = played.first(true)->frames;
  ASSERT_EQ(frames.size(), 60U);
  for (size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].ptsNs, static_cast<int64_t>(i) * 100'000'000);
  }
}

/// Muxers finish their files at an EOS only.
TEST_F(Errors, LeaveAFileThatPlays) {
  emulator_.setFaults(
      R"({"faults": [{"kind": "cut", "at": "mid-block", "fragment-position": 4}]})");
  GstElement* element = source();
  gst_object_ref(element);
  g_object_set(element, "retries", 0, nullptr);
  const std::string file = saveUntilError(element, "matroskademux ! h264parse ! mp4mux");
  Played played;
  readProperties(element, &played);
  gst_object_unref(element);
  EXPECT_EQ(played.stats.at("fragments-delivered"), 3U);
  EXPECT_GT(played.stats.at("frames-delivered"), 30U);
  EXPECT_EQ(framesOfMp4(file)["video"].size(), played.stats.at("frames-delivered"));
}

TEST_F(Errors, MissingFragmentIsOneIfWanted) {
  const std::string number = emulator_.manifest("cam1").fragments[3].number;
  for (const char* kind : {"missing", "in-band-error"}) {
    SCOPED_TRACE(kind);
    emulator_.setFaults(std::string(R"({"faults": [{"kind": ")") + kind +
                        R"(", "fragment-position": 4}]})");
    GstElement* element = source();
    gst_util_set_object_arg(G_OBJECT(element), "on-missing-fragment", "error");
    g_object_set(element, "retries", 0, nullptr);
    const Played played = play(element);
    expectError(played, kResource, GST_RESOURCE_ERROR_NOT_FOUND, number);
    EXPECT_TRUE(played.warnings.empty());
    EXPECT_EQ(played.frames(), 30U);
    EXPECT_EQ(played.error->details.at("last-fragment-number"),
              emulator_.manifest("cam1").fragments[2].number);
  }
}

TEST_F(Errors, UnreadableFragmentIsOneIfWanted) {
  emulator_.setFaults(
      R"({"faults": [{"kind": "garbage", "fragment-position": 4, "at": "mid-header", "length": 0}]})");
  GstElement* element = source();
  gst_util_set_object_arg(G_OBJECT(element), "on-missing-fragment", "error");
  g_object_set(element, "retries", 0, nullptr);
  const Played played = play(element);
  expectError(played, kStream, GST_STREAM_ERROR_DECODE,
              emulator_.manifest("cam1").fragments[3].number);
  EXPECT_TRUE(played.warnings.empty());
  EXPECT_EQ(played.frames(), 30U);
}

class TrackChanges : public testing::Test {
 protected:
  Played playWith(const char* onTrackChange) {
    GstElement* source = makeSource(emulator_.url(), "cam1");
    gst_util_set_object_arg(G_OBJECT(source), "on-track-change", onTrackChange);
    return play(source);
  }

  const EmulatorProcess emulator_{R"({"streams": [{"name": "cam1", "recordings": [
      {"type": "generated", "width": 160, "height": 120, "fragments": 6, "fragment-duration": 1,
       "fps": 10, "audio": [{"codec": "aac"}], "first-fragment-audio": "no-track",
       "start": "2026-03-01T10:00:00Z"}]}]})"};
};

TEST_F(TrackChanges, AreAnErrorThatNamesThem) {
  const Played played = playWith("error");
  ASSERT_TRUE(played.error);
  EXPECT_EQ(played.sourceErrors(), 1U);
  EXPECT_EQ(played.error->domain, kStream);
  EXPECT_EQ(played.error->code, GST_STREAM_ERROR_DECODE);
  EXPECT_NE(played.error->message.find("audio track 2 (A_AAC) is new"), std::string::npos);
  EXPECT_NE(played.error->message.find(emulator_.manifest("cam1").fragments[1].number),
            std::string::npos);
  EXPECT_NE(played.error->message.find("on-track-change"), std::string::npos);
  EXPECT_EQ(played.error->details.at("operation"), "GetMediaForFragmentList");
  EXPECT_EQ(played.error->details.at("stream"), "cam1");
}

TEST_F(TrackChanges, CanDropTracks) {
  const Played played = playWith("drop-tracks");
  ASSERT_TRUE(played.eos);
  EXPECT_EQ(played.warnings.size(), 1U);
  EXPECT_EQ(played.tracks.size(), 1U);
  EXPECT_EQ(played.first(true)->frames.size(), 60U);
  EXPECT_EQ(played.stats.at("fragments-delivered"), 6U);
  EXPECT_GT(played.stats.at("frames-dropped"), 100U);
}

TEST_F(TrackChanges, CanDropFragments) {
  const Played played = playWith("drop-fragments");
  ASSERT_TRUE(played.eos);
  EXPECT_EQ(played.warnings.size(), 1U);
  EXPECT_EQ(played.frames(), 10U);
  EXPECT_EQ(played.stats.at("fragments-delivered"), 1U);
  EXPECT_EQ(played.stats.at("fragments-track-change"), 5U);
}

/// It is looked up while the list is, and not once more by the request that needs it.
TEST_F(Errors, TheEndpointOfMediaHasTheRetriesOfOneRequest) {
  emulator_.setFaults(R"({"faults": [{"kind": "status", "operation": "GetDataEndpoint",
      "request": 2, "count": 100, "status": 500, "code": "InternalFailure"}]})");
  GstElement* element = source();
  g_object_set(element, "retries", 2, "retry-backoff-factor", 0.01, nullptr);
  const Played played = play(element);
  expectError(played, kResource, GST_RESOURCE_ERROR_OPEN_READ, "InternalFailure, after 3 attempts");
  expectDetails(played, "GetDataEndpoint", "500", "InternalFailure");
  size_t asked = 0;
  for (const LoggedRequest& request : emulator_.requests()) {
    asked += request.operation == "GetDataEndpoint" ? 1 : 0;
  }
  EXPECT_EQ(asked, 4U);  // the first was for ListFragments
}

/// GLib keeps names for good, all that a process ever sees.
TEST(TagNames, ThatNeverEndAreLeftOutWithAWarning) {
  constexpr size_t kLong = 300'000;
  std::string tags;
  for (int i = 0; i < 6; ++i) {
    tags += (i > 0 ? "," : "") + std::string(R"({"fragment": )") + std::to_string(i / 2 + 1) +
            R"(, "position": "after-cluster", "value": "v", "name": ")" + std::to_string(i) +
            std::string(kLong, 'x') + "\"}";
  }
  const EmulatorProcess emulator(
      R"({"streams": [{"name": "cam1", "recordings": [
          {"type": "generated", "width": 160, "height": 120, "fragments": 3, "fps": 10,
           "fragment-duration": 1, "start": "2026-03-01T10:00:00Z", "tags": [)" +
      tags + "]}]}]}");
  GstElement* element = makeSource(emulator.url(), "cam1");
  g_object_set(element, "post-fragment-messages", TRUE, nullptr);
  const Played played = play(element);
  EXPECT_TRUE(played.eos);
  ASSERT_EQ(played.fragmentMessages.size(), 3U);
  size_t kept = 0;
  for (const PlayedFragment& fragment : played.fragmentMessages) {
    kept += fragment.tags.size();
  }
  EXPECT_EQ(kept, 3U);  // of 1 MiB
  ASSERT_EQ(played.warnings.size(), 1U);
  EXPECT_NE(played.warnings[0].find("lose tags of the producer"), std::string::npos);
}

class Duplicates : public testing::Test {
 protected:
  Played playWith(const char* duplicates) {
    GstElement* source = makeSource(emulator_.url(), "cam1");
    gst_util_set_object_arg(G_OBJECT(source), "duplicates", duplicates);
    return play(source);
  }

  /// Of the frames of these fragments, one after the other.
  std::vector<std::string> stored(const std::vector<size_t>& order) const {
    const Manifest manifest = emulator_.manifest("cam1");
    std::vector<std::string> checksums;
    for (const size_t index : order) {
      for (const auto& frame : manifest.frames) {
        if (frame.fragment == manifest.fragments[index].number) {
          checksums.push_back(frame.sha256);
        }
      }
    }
    return checksums;
  }

  static std::vector<std::string> checksums(const Played& played) {
    std::vector<std::string> checksums;
    for (const auto& frame : played.first(true)->frames) {
      checksums.push_back(frame.sha256);
    }
    return checksums;
  }

  /// The producer sent the same three seconds twice.
  const EmulatorProcess emulator_{R"({"streams": [{"name": "cam1", "recordings": [
      {"width": 160, "height": 120, "fragments": 3, "fragment-duration": 1, "fps": 10,
       "start": "2026-03-01T10:00:00Z"},
      {"width": 320, "height": 240, "fragments": 3, "fragment-duration": 1, "fps": 10,
       "start": "2026-03-01T10:00:00Z"}]}]})"};
};

TEST_F(Duplicates, AreLeftOutLoudly) {
  const Played played = playWith("newest");
  ASSERT_TRUE(played.eos);
  EXPECT_EQ(checksums(played), stored({3, 4, 5}));
  EXPECT_EQ(played.warnings.size(), 1U);
  EXPECT_EQ(played.stats.at("fragments-superseded"), 3U);
  EXPECT_EQ(played.stats.at("fragments-delivered"), 3U);
}

TEST_F(Duplicates, CanAllBeRead) {
  const Played played = playWith("all");
  ASSERT_TRUE(played.eos);
  EXPECT_EQ(checksums(played), stored({0, 3, 1, 4, 2, 5}));
  EXPECT_TRUE(played.warnings.empty());
  EXPECT_EQ(played.stats.at("fragments-superseded"), 0U);
  EXPECT_EQ(played.stats.at("fragments-delivered"), 6U);
}

}  // namespace
}  // namespace kvsarchive::test
