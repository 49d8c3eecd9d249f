// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session.h"

#include <gtest/gtest.h>

#include "aws/static_provider.h"
#include "kvs/service_error.h"
#include "support/fake_clock.h"
#include "support/fake_transport.h"
#include "support/log_capture.h"

namespace kvsarchive::session {
namespace {

using kvs::SessionProtocol;
using test::CannedAnswer;
using test::json;

const CancelToken kNever;
const std::string kToken = "CiAzODFlYmMwYTk3NDI0ZDBk~";
const std::string kUrl =
    "https://b-1.example/hls/v1/getHLSMasterPlaylist.m3u8?SessionToken=" + kToken;
const std::string kMaster = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ngetHLSMediaPlaylist.m3u8\n";

CannedAnswer text(int status, const std::string& body, http::Headers headers = {}) {
  return {status, std::move(headers), body, std::nullopt, std::nullopt};
}

CannedAnswer failure(ErrorKind kind) {
  Error error = makeError(kind, "no answer");
  error.recovery = usualRecovery(kind);
  CannedAnswer answer;
  answer.headError = error;
  return answer;
}

class Sessions : public testing::Test {
 protected:
  Result<std::string> open(kvs::SessionRequest request = {}) {
    session_ = std::make_unique<Session>(client_, transport_, clock_, request);
    return session_->open(kNever);
  }

  void answerEndpoint() { transport_.add(json(200, R"({"DataEndpoint":"https://b-1.example"})")); }
  void answerUrl(const std::string& url = kUrl, const char* member = "HLSStreamingSessionURL") {
    transport_.add(json(200, std::string("{\"") + member + "\":\"" + url + "\"}"));
  }

  test::LogCapture log_;
  test::FakeTransport transport_;
  test::FakeClock clock_{unixTimeFromMillis(1'772'359'200'000)};
  aws::StaticProvider credentials_{{"AKID", "SECRETKEY0123456789", ""}};
  kvs::ArchivedMediaClient client_{kvs::ClientOptions{{"cam1", ""},
                                                      "eu-west-1",
                                                      "https://kinesisvideo.example",
                                                      {2, 0, 0},
                                                      1,
                                                      nullptr,
                                                      nullptr},
                                   transport_, credentials_, clock_};
  std::unique_ptr<Session> session_;
};

TEST_F(Sessions, OpenWithTheManifest) {
  answerEndpoint();
  answerUrl();
  transport_.add(text(200, kMaster));
  const auto manifest = open();
  ASSERT_TRUE(manifest.ok()) << manifest.error().message;
  EXPECT_EQ(*manifest, kMaster);
  EXPECT_EQ(session_->url().text(), kUrl);
  EXPECT_EQ(toMillis(session_->life().end()), 1'772'359'500'000);

  const auto requests = transport_.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].body, R"({"StreamName":"cam1","APIName":"GET_HLS_STREAMING_SESSION_URL"})");
  EXPECT_EQ(requests[1].url, "https://b-1.example/getHLSStreamingSessionURL");
  EXPECT_EQ(requests[1].body,
            R"({"StreamName":"cam1","PlaybackMode":"LIVE","HLSFragmentSelector":)"
            R"({"FragmentSelectorType":"SERVER_TIMESTAMP"},"ContainerFormat":"FRAGMENTED_MP4",)"
            R"("DisplayFragmentTimestamp":"NEVER","Expires":300})");
  EXPECT_EQ(requests[2].method, "GET");
  EXPECT_EQ(requests[2].url, kUrl);
  EXPECT_TRUE(requests[2].headers.empty());  // it is the token that counts
  EXPECT_TRUE(requests[2].body.empty());
  EXPECT_NE(log_.text().find("session of cam1 until 2026-03-01T10:05:00.000Z"), std::string::npos);
}

TEST_F(Sessions, OfDash) {
  answerEndpoint();
  const std::string url = "https://b-1.example/dash/v1/getDASHManifest.mpd?SessionToken=" + kToken;
  answerUrl(url, "DASHStreamingSessionURL");
  const std::string mpd = "<?xml version=\"1.0\"?>\n<MPD></MPD>";
  transport_.add(text(200, mpd));
  kvs::SessionRequest request;
  request.protocol = SessionProtocol::kDash;
  const auto manifest = open(request);
  ASSERT_TRUE(manifest.ok()) << manifest.error().message;
  EXPECT_EQ(*manifest, mpd);
  EXPECT_EQ(transport_.requests()[0].body,
            R"({"StreamName":"cam1","APIName":"GET_DASH_STREAMING_SESSION_URL"})");
  EXPECT_EQ(transport_.requests()[1].url, "https://b-1.example/getDASHStreamingSessionURL");
}

TEST_F(Sessions, TryAgainWhatMayPass) {
  answerEndpoint();
  answerUrl();
  transport_.add(text(503, ""));
  transport_.add(text(200, "<html>a proxy</html>"));
  transport_.add(text(200, kMaster));
  EXPECT_TRUE(open().ok());
  EXPECT_EQ(client_.retries().throttled, 1U);
  EXPECT_EQ(client_.retries().service, 1U);
  EXPECT_NE(log_.text().find("GetHLSMasterPlaylist failed, trying again in 0 ms, after 2 attempts: "
                             "the answer is not a manifest"),
            std::string::npos)
      << log_.text();
}

TEST_F(Sessions, GiveUpWhenTheAttemptsAreUsedUp) {
  answerEndpoint();
  answerUrl();
  for (int i = 0; i < 3; ++i) {
    transport_.add(failure(ErrorKind::kOpenRead));
  }
  const auto manifest = open();
  ASSERT_FALSE(manifest.ok());
  EXPECT_EQ(manifest.error().kind, ErrorKind::kOpenRead);
  EXPECT_EQ(manifest.error().message, "no answer, after 3 attempts");
  EXPECT_EQ(manifest.error().operation, "GetHLSMasterPlaylist");
  EXPECT_EQ(manifest.error().stream, "cam1");
  EXPECT_EQ(transport_.requests().size(), 5U);
}

TEST_F(Sessions, BreakOffAndBeginAnew) {
  answerEndpoint();
  answerUrl();
  CannedAnswer cut = text(200, kMaster.substr(0, 20));
  cut.bodyError = makeError(ErrorKind::kRead, "broke off");
  cut.bodyError->recovery = Recovery::kRetry;
  transport_.add(cut);
  transport_.add(text(200, kMaster));
  const auto manifest = open();
  ASSERT_TRUE(manifest.ok());
  EXPECT_EQ(*manifest, kMaster);
}

TEST_F(Sessions, RefusedAtOnceAreAskedForOnceMore) {
  answerEndpoint();
  answerUrl();
  transport_.add(text(403, ""));
  const std::string other = "https://b-1.example/hls?SessionToken=another";
  answerUrl(other);
  transport_.add(text(200, kMaster));
  EXPECT_TRUE(open().ok());
  EXPECT_EQ(session_->url().text(), other);

  transport_.clear();
  for (int i = 0; i < 2; ++i) {
    answerUrl();
    transport_.add(text(403, R"({"message":"denied"})"));
  }
  const auto refused = open();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::kSession);
  EXPECT_EQ(refused.error().httpStatus, 403);
}

TEST_F(Sessions, NeverShowTheToken) {
  answerEndpoint();
  answerUrl();
  transport_.add(text(500, R"({"Message":"token )" + kToken + " failed\"}",
                      {{"x-amzn-RequestId", kToken}, {"x-amzn-ErrorType", "Bad." + kToken}}));
  transport_.add(text(400, R"({"Message":"token )" + kToken.substr(2) + " is wrong\"}",
                      {{"x-amzn-ErrorType", kToken.substr(0, 14)}}));
  const auto manifest = open();
  ASSERT_FALSE(manifest.ok());
  const Error& error = manifest.error();
  const std::string shown = error.message + error.awsCode + error.requestId + error.operation +
                            error.stream + log_.text();
  EXPECT_EQ(shown.find(kToken.substr(0, 12)), std::string::npos) << shown;
  EXPECT_EQ(shown.find(kToken.substr(4, 12)), std::string::npos) << shown;
}

TEST_F(Sessions, UrlsThatAreNoneAreNotShownEither) {
  for (const std::string& url : {"ftp://host/" + kToken, "https://ho st/?" + kToken,
                                 "http://far.example/?SessionToken=" + kToken}) {
    transport_.clear();
    answerEndpoint();
    answerUrl(url);
    const auto manifest = open();
    ASSERT_FALSE(manifest.ok());
    EXPECT_EQ(manifest.error().operation, "GetHLSStreamingSessionURL");
    EXPECT_EQ(manifest.error().message.find(kToken), std::string::npos);
    EXPECT_EQ(log_.text().find(kToken), std::string::npos);
    EXPECT_LE(transport_.requests().size(), 2U);
  }
}

TEST_F(Sessions, ExplainTheServicesErrors) {
  const ErrorKind media = kvs::classify("UnsupportedStreamMediaTypeException", 400).kind;
  const struct {
    const char* code;
    int status;
    kvs::PlaybackMode mode;
    SessionProtocol protocol;
    ErrorKind kind;
    const char* part;
  } cases[] = {
      {"ResourceNotFoundException", 404, kvs::PlaybackMode::kLive, SessionProtocol::kHls,
       ErrorKind::kNotFound, "a fragment of the last 30 seconds"},
      {"ResourceNotFoundException", 404, kvs::PlaybackMode::kOnDemand, SessionProtocol::kHls,
       ErrorKind::kNotFound, "no fragment that starts between start-timestamp and end-timestamp"},
      {"UnsupportedStreamMediaTypeException", 400, kvs::PlaybackMode::kLive, SessionProtocol::kHls,
       media, "HLS has H.264 or H.265 video and AAC audio"},
      {"UnsupportedStreamMediaTypeException", 400, kvs::PlaybackMode::kLive, SessionProtocol::kDash,
       media, "DASH has H.264 or H.265 video, and AAC or G.711 audio"},
      {"MissingCodecPrivateDataException", 400, kvs::PlaybackMode::kLive, SessionProtocol::kHls,
       media, "the producer must send codec private data"},
      {"InvalidCodecPrivateDataException", 400, kvs::PlaybackMode::kLive, SessionProtocol::kHls,
       media, "the same in all fragments of a session"},
      {"NoDataRetentionException", 400, kvs::PlaybackMode::kLive, SessionProtocol::kHls,
       ErrorKind::kNotFound, "data retention to more than 0 hours"},
      {"ClientLimitExceededException", 400, kvs::PlaybackMode::kLive, SessionProtocol::kHls,
       ErrorKind::kBusy, "after 3 attempts"},
  };
  for (const auto& one : cases) {
    transport_.clear();
    const CannedAnswer refusal =
        json(one.status, R"({"Message":"Refused."})", {{"x-amzn-ErrorType", one.code}});
    transport_.add(refusal);
    if (one.status == 404) {
      answerEndpoint();  // which is asked for again
    }
    transport_.add(refusal);
    transport_.add(refusal);
    kvs::SessionRequest request;
    request.protocol = one.protocol;
    request.playbackMode = one.mode;
    // An endpoint that is known, so that it is the session's request that is refused.
    kvs::ClientOptions options = client_.options();
    options.endpoints = std::make_shared<kvs::EndpointCache>();
    options.endpoints->put("GET_HLS_STREAMING_SESSION_URL", "https://b-1.example");
    options.endpoints->put("GET_DASH_STREAMING_SESSION_URL", "https://b-1.example");
    kvs::ArchivedMediaClient client(options, transport_, credentials_, clock_);
    Session session(client, transport_, clock_, request);
    const auto manifest = session.open(kNever);
    ASSERT_FALSE(manifest.ok());
    EXPECT_EQ(manifest.error().awsCode, one.code);
    EXPECT_EQ(manifest.error().kind, one.kind) << one.code;
    EXPECT_NE(manifest.error().message.find(one.part), std::string::npos)
        << manifest.error().message;
  }
}

TEST_F(Sessions, CancelledGoOnWhereTheyWere) {
  answerEndpoint();
  answerUrl();
  transport_.add(text(200, kMaster));
  CancelToken cancel;
  session_ = std::make_unique<Session>(client_, transport_, clock_, kvs::SessionRequest());
  cancel.cancel();
  for (int i = 0; i < 3; ++i) {
    const auto none = session_->open(cancel);
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().kind, ErrorKind::kCancelled);
  }
  cancel.reset();
  EXPECT_TRUE(session_->open(cancel).ok());
  EXPECT_EQ(transport_.requests().size(), 3U);
}

}  // namespace
}  // namespace kvsarchive::session
