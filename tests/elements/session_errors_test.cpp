// SPDX-License-Identifier: LGPL-2.1-or-later
// Sessions and manifests that fail: what is tried again, what is told, and how fast it ends.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/emulator_process.h"
#include "support/session_player.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"streams": [
  {"name": "cam1", "recordings": [
    {"type": "generated", "width": 64, "height": 64, "fragments": 4, "fragment-duration": 1,
     "fps": 5, "start": "2026-03-01T10:00:00Z"}]},
  {"name": "alaw", "recordings": [
    {"type": "generated", "width": 64, "height": 64, "fragments": 4, "fragment-duration": 1,
     "fps": 5, "audio": [{"codec": "alaw"}], "start": "2026-03-01T10:00:00Z"}]},
  {"name": "kept-nothing", "retention-hours": 0, "recordings": [
    {"type": "generated", "width": 64, "height": 64, "fragments": 4, "fragment-duration": 1,
     "fps": 5, "start": "2026-03-01T10:00:00Z"}]}]})";
constexpr size_t kFrames = 20;

class SessionErrors : public testing::Test {
 protected:
  static void SetUpTestSuite() { emulator_ = std::make_unique<EmulatorProcess>(kConfig); }
  static void TearDownTestSuite() { emulator_.reset(); }
  void TearDown() override { emulator_->setFaults(R"({"faults": []})"); }

  static void setFault(const std::string& operation, const std::string& kind,
                       const std::string& more = "") {
    emulator_->setFaults(R"({"faults": [{"kind": ")" + kind + R"(", "operation": ")" + operation +
                         "\"" + (more.empty() ? "" : ", " + more) + "}]}");
  }
  static GstElement* source(const char* stream = "cam1", const char* protocol = "hls") {
    GstElement* element = makeSessionSource(emulator_->url(), stream, protocol);
    gst_util_set_object_arg(G_OBJECT(element), "playback-mode", "on-demand");
    g_object_set(element, "start-timestamp", "2026-03-01T09:00:00Z", "end-timestamp",
                 "2026-03-01T11:00:00Z", "retries", 2, "retry-backoff-factor", 0.02,
                 "retry-backoff-max", 0.05, "timeout", 1, nullptr);
    return element;
  }

  inline static std::unique_ptr<EmulatorProcess> emulator_;
};

struct Fault {
  const char* name;
  const char* kind;
  const char* more;
};

/// What may pass, of the two requests of this element.
class Passing : public SessionErrors,
                public testing::WithParamInterface<std::tuple<Fault, const char*>> {};

TEST_P(Passing, FaultsAreTriedAgain) {
  const auto& [fault, operation] = GetParam();
  const bool isDash = std::string(operation).find("DASH") != std::string::npos;
  setFault(operation, fault.kind, fault.more + std::string(R"(, "request": 1)"));
  const PlayedSession played =
      playSession(source("cam1", isDash ? "dash" : "hls"), isDash ? "dashdemux" : "hlsdemux");
  EXPECT_TRUE(played.eos) << (played.error ? played.error->message : "");
  EXPECT_EQ(played.frames(), kFrames);
  EXPECT_GE(played.stats.at("retries"), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    All, Passing,
    testing::Combine(testing::Values(Fault{"Status503", "status", R"("status": 503)"},
                                     Fault{"Status500", "status", R"("status": 500)"},
                                     Fault{"Html", "status", R"("status": 200, "body": "html")"},
                                     Fault{"Throttle", "throttle", R"("count": 1)"},
                                     Fault{"Reset", "reset", R"("stage": "after-headers")"},
                                     Fault{"CutBody", "cut", R"("bytes": 10)"},
                                     Fault{"EarlyEnd", "end-early", R"("bytes": 5)"},
                                     Fault{"Stall", "stall", R"("bytes": 10)"}),
                     testing::Values("GetHLSStreamingSessionURL", "GetHLSMasterPlaylist",
                                     "GetDASHStreamingSessionURL", "GetDASHManifest")),
    [](const auto& test) {
      return std::string(std::get<0>(test.param).name) + "_" + std::get<1>(test.param);
    });

/// What stays, and how it is told.
struct Lasting {
  const char* name;
  const char* operation;
  const char* kind;
  const char* more;
  GQuark (*domain)();
  int code;
  const char* part;
};

class Staying : public SessionErrors, public testing::WithParamInterface<Lasting> {};

TEST_P(Staying, FaultsAreTold) {
  const Lasting& fault = GetParam();
  setFault(fault.operation, fault.kind, fault.more);
  const PlayedSession played = playToSink(source());
  ASSERT_TRUE(played.error.has_value());
  EXPECT_EQ(played.error->domain, g_quark_to_string(fault.domain()));
  EXPECT_EQ(played.error->code, fault.code);
  EXPECT_NE(played.error->message.find(fault.part), std::string::npos) << played.error->message;
  EXPECT_EQ(played.error->details.at("operation"), fault.operation);
  EXPECT_EQ(played.error->details.at("stream"), "cam1");
  EXPECT_EQ(played.errors.size(), 1U);
  EXPECT_FALSE(played.eos);
}

INSTANTIATE_TEST_SUITE_P(
    All, Staying,
    testing::Values(
        Lasting{"Url503", "GetHLSStreamingSessionURL", "status", R"("status": 503)",
                gst_resource_error_quark, GST_RESOURCE_ERROR_OPEN_READ, "after 3 attempts"},
        Lasting{"UrlThrottled", "GetHLSStreamingSessionURL", "throttle", R"("request": "every")",
                gst_resource_error_quark, GST_RESOURCE_ERROR_BUSY, "after 3 attempts"},
        Lasting{"UrlDenied", "GetHLSStreamingSessionURL", "status",
                R"("status": 403, "code": "AccessDeniedException", "message": "no")",
                gst_resource_error_quark, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
                "AccessDeniedException: no"},
        Lasting{"Manifest503", "GetHLSMasterPlaylist", "status", R"("status": 503)",
                gst_resource_error_quark, GST_RESOURCE_ERROR_OPEN_READ, "after 3 attempts"},
        Lasting{"ManifestThrottled", "GetHLSMasterPlaylist", "throttle", R"("request": "every")",
                gst_resource_error_quark, GST_RESOURCE_ERROR_BUSY, "after 3 attempts"},
        Lasting{"ManifestRefused", "GetHLSMasterPlaylist", "status",
                R"("status": 403, "code": "NotAuthorizedException", "message": "expired")",
                gst_resource_error_quark, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
                "expired. Start again for a new session"},
        Lasting{"ManifestGone", "GetHLSMasterPlaylist", "status",
                R"("status": 404, "code": "ResourceNotFoundException", "message": "none")",
                gst_resource_error_quark, GST_RESOURCE_ERROR_NOT_FOUND,
                "no fragment that starts between start-timestamp and end-timestamp"},
        Lasting{"ManifestRedirected", "GetHLSMasterPlaylist", "redirect",
                R"("location": "http://127.0.0.1:1/")", gst_resource_error_quark,
                GST_RESOURCE_ERROR_OPEN_READ,
                "redirects are not followed. Check aws-region, endpoint-url and proxies"},
        Lasting{"ManifestBehindAProxy", "GetHLSMasterPlaylist", "status", R"("status": 407)",
                gst_resource_error_quark, GST_RESOURCE_ERROR_NOT_AUTHORIZED,
                "Check proxy, proxy-id and proxy-pw"},
        Lasting{"ManifestThatIsNone", "GetHLSMasterPlaylist", "status",
                R"("status": 200, "body": "html")", gst_stream_error_quark, GST_STREAM_ERROR_DECODE,
                "the answer is not a manifest"},
        Lasting{"ManifestCut", "GetHLSMasterPlaylist", "cut", R"("bytes": 10)",
                gst_resource_error_quark, GST_RESOURCE_ERROR_READ, "after 3 attempts"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(SessionErrors, ARangeWithoutFragments) {
  GstElement* element = source();
  g_object_set(element, "start-timestamp", "2026-02-01T09:00:00Z", "end-timestamp",
               "2026-02-01T11:00:00Z", nullptr);
  const PlayedSession played = playToSink(element);
  ASSERT_TRUE(played.error.has_value());
  EXPECT_EQ(played.error->code, GST_RESOURCE_ERROR_NOT_FOUND);
  EXPECT_NE(played.error->message.find("No fragments found in the stream for the streaming "
                                       "request: no fragment that starts between"),
            std::string::npos)
      << played.error->message;
}

TEST_F(SessionErrors, NoStream) {
  const PlayedSession played = playToSink(source("none"));
  ASSERT_TRUE(played.error.has_value());
  EXPECT_EQ(played.error->code, GST_RESOURCE_ERROR_NOT_FOUND);
  EXPECT_EQ(played.error->details.at("operation"), "GetDataEndpoint");
}

TEST_F(SessionErrors, ACodecThatTheProtocolDoesNotHave) {
  const PlayedSession refused = playToSink(source("alaw"));
  ASSERT_TRUE(refused.error.has_value());
  EXPECT_EQ(refused.error->details.at("aws-error-code"), "UnsupportedStreamMediaTypeException");
  EXPECT_NE(refused.error->message.find("HLS has H.264 or H.265 video and AAC audio"),
            std::string::npos)
      << refused.error->message;
  EXPECT_TRUE(playToSink(source("alaw", "dash")).eos);
}

TEST_F(SessionErrors, NoRetention) {
  const PlayedSession played = playToSink(source("kept-nothing"));
  ASSERT_TRUE(played.error.has_value());
  EXPECT_EQ(played.error->code, GST_RESOURCE_ERROR_NOT_FOUND);
  EXPECT_NE(played.error->message.find("data retention to more than 0 hours"), std::string::npos)
      << played.error->message;
}

/// Segments and playlists are the demuxers' own requests, with few attempts.
TEST_F(SessionErrors, ASegmentThatFailsOnceIsFetchedAgainByTheDemuxer) {
  for (const char* demuxer : {"hlsdemux", "hlsdemux2"}) {
    setFault("GetMP4MediaFragment", "status", R"("status": 503, "request": 2)");
    const PlayedSession played = playSession(source(), demuxer);
    EXPECT_TRUE(played.eos) << demuxer << (played.error ? played.error->message : "");
    EXPECT_EQ(played.frames(), kFrames) << demuxer;
  }
}

TEST_F(SessionErrors, SegmentsThatNeverComeEndWithTheDemuxersError) {
  for (const char* demuxer : {"hlsdemux", "hlsdemux2"}) {
    setFault("GetMP4MediaFragment", "status", R"("status": 403)");
    const PlayedSession played = playSession(source(), demuxer);
    ASSERT_TRUE(played.error.has_value()) << demuxer;
    EXPECT_NE(played.errors.front().find("hlsdemux"), std::string::npos) << played.errors.front();
    EXPECT_LT(played.frames(), kFrames) << demuxer;
  }
}

}  // namespace
}  // namespace kvsarchive::test
