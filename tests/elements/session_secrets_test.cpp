// SPDX-License-Identifier: LGPL-2.1-or-later
// A session's token goes to the service and to those who query the URI, and nowhere else that is
// ours: no log line at the highest level, no message, no property, no graph.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/log_watch.h"
#include "support/session_player.h"
#include "support/session_server.h"

namespace kvsarchive::test {
namespace {

/// The token, and parts of it that tell as much.
std::vector<std::string> secrets() {
  const std::string token = SessionServer::token();
  return {token, token.substr(0, 16), token.substr(8, 16), "secret_key", "emulator-secret"};
}

/// How a server may fail with the token in what it says.
struct Echo {
  const char* name;
  int status;
  const char* body;  ///< TOKEN stands for the token
};

class SessionSecrets : public testing::TestWithParam<const char*> {};

TEST_P(SessionSecrets, StaySecret) {
  const SessionServer server;
  LogWatch watch(secrets());
  watch.play(makeSessionSource(server.url(), "cam1", GetParam()), GST_MESSAGE_EOS);
  watch.expectNoLeak("kvsarchive-http");
  EXPECT_GE(server.requestCount(), 3U);
}

INSTANTIATE_TEST_SUITE_P(All, SessionSecrets, testing::Values("hls", "dash"),
                         [](const auto& test) { return std::string(test.param); });

class EchoedSecrets : public testing::TestWithParam<Echo> {};

TEST_P(EchoedSecrets, StaySecret) {
  SessionServer server;
  std::string body = GetParam().body;
  for (size_t at = 0; (at = body.find("TOKEN")) != std::string::npos;) {
    body.replace(at, 5, SessionServer::token());
  }
  server.answerManifestsWith(GetParam().status, body);
  LogWatch watch(secrets());
  GstElement* source = makeSessionSource(server.url(), "cam1", "hls");
  g_object_set(source, "retries", 1, "retry-backoff-factor", 0.01, "retry-backoff-max", 0.01,
               nullptr);
  watch.play(source, GST_MESSAGE_ERROR);
  watch.expectNoLeak("kvsarchive-client");
}

INSTANTIATE_TEST_SUITE_P(All, EchoedSecrets,
                         testing::Values(Echo{"Refused", 403,
                                              R"({"Message":"token TOKEN has expired"})"},
                                         Echo{"Failed", 503, "<html><title>TOKEN</title></html>"},
                                         Echo{"NoManifest", 200, "<html>TOKEN</html>"},
                                         Echo{"Code", 400, R"({"__type":"TOKEN","message":"x"})"},
                                         Echo{"Redirected", 302, "TOKEN"}),
                         [](const auto& test) { return std::string(test.param.name); });

/// What the demuxer itself logs and posts is not in our hands.
TEST(SessionSecretsOfDemuxers, AreInNoLineOfOurs) {
  const SessionServer server;
  LogWatch watch(secrets(), "kvs");
  const PlayedSession played =
      playSession(makeSessionSource(server.url(), "cam1", "hls"), "hlsdemux");
  EXPECT_TRUE(played.error.has_value());  // there is nothing to play
  watch.expectNoLeak("kvssessionsrc");
}

/// A session that can't be used: its URL must not be in the error.
TEST(SessionUrls, ThatAreNotEncryptedAreRefused) {
  SessionServer server;
  server.tellUrl("http://far.example/hls?SessionToken=" + std::string(SessionServer::token()));
  LogWatch watch(secrets());
  watch.play(makeSessionSource(server.url(), "cam1", "hls"), GST_MESSAGE_ERROR);
  watch.expectNoLeak("kvsarchive-http");
  EXPECT_EQ(server.requestCount(), 2U);
}

}  // namespace
}  // namespace kvsarchive::test
