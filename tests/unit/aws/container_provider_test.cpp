// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/container_provider.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

#include "container_test_util.h"
#include "support/dead_listener.h"
#include "support/log_capture.h"
#include "support/temp_file.h"

namespace kvsarchive::aws {
namespace {

using test::always;
using test::answer;
using test::FakeHttpServer;
using test::ScopedEnv;
using test::TempFile;

TEST(ContainerProvider, AsksTheRelativeUriFirst) {
  FakeHttpServer server(always(answer(200, {}, kKeys)));
  Variables variables;
  variables.relative = "/v2/credentials/guid?x=1";
  variables.full = "http://192.0.2.1/never";
  EXPECT_EQ(ask(variables, server.url()), kShown);
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_EQ(shown(server.requests()[0]), "GET /v2/credentials/guid?x=1");
  EXPECT_EQ(server.requests()[0].header("Accept"), "application/json");
  EXPECT_EQ(server.requests()[0].body, "");
}

TEST(ContainerProvider, AsksTheFullUriWithTheToken) {
  FakeHttpServer server(always(answer(200, {}, kKeys)));
  const std::string url = server.url() + "/role";
  const TempFile file("from the file");
  EXPECT_EQ(ask({nullptr, url.c_str()}), kShown);
  EXPECT_EQ(ask({"", url.c_str(), "Bearer of a token"}), kShown);
  EXPECT_EQ(ask({nullptr, url.c_str(), "unused", file.path()}), kShown);
  EXPECT_EQ(shown(server.requests()),
            "GET /role\n"
            "GET /role [Authorization: Bearer of a token]\n"
            "GET /role [Authorization: from the file]");
}

TEST(ContainerProvider, ReadsTheTokenFileEachTime) {
  FakeHttpServer server(always(answer(200, {}, kKeys)));
  const TempFile file("first");
  const Environment environment({"/x", nullptr, nullptr, file.path()});
  ContainerProvider provider({}, server.url());
  EXPECT_TRUE(provider.credentials(kUncancelled).ok());
  std::ofstream(file.path()) << "second";
  EXPECT_TRUE(provider.credentials(kUncancelled).ok());
  EXPECT_EQ(shown(server.requests()),
            "GET /x [Authorization: first]\nGET /x [Authorization: second]");
}

TEST(ContainerProvider, NeverAsksThroughAProxy) {
  FakeHttpServer server(always(answer(200, {}, kKeys)));
  FakeHttpServer proxy(always(answer(200, {}, "{}")));
  const ScopedEnv none("no_proxy", "");
  const ScopedEnv environment("http_proxy", proxy.url().c_str());
  http::CurlOptions network;
  network.proxy.url = proxy.url();
  EXPECT_EQ(ask({"/x"}, server.url(), network), kShown);
  EXPECT_EQ(proxy.connectionCount(), 0U);
}

TEST(ContainerProvider, BadSettingsAreToldBeforeAnythingIsSent) {
  FakeHttpServer server(always(answer(200, {}, kKeys)));
  const TempFile lines("topsecret\nsecond line");
  const TempFile ending("topsecret\n");
  const TempFile empty("");
  const std::string emptyPath = empty.path();
  const char* const url = "http://127.0.0.1:1/";
  const std::string lineBreak =
      "settings: the token of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE has a line break or another "
      "control character";
  const struct {
    Variables variables;
    std::string expected;
  } cases[] = {
      {{},
       "absent: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are "
       "not set"},
      {{"", "", "token"},
       "absent: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are "
       "not set"},
      {{"@192.0.2.1/"}, "settings: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI must begin with a slash"},
      {{"/a b"}, "settings: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI can't be used as a URL"},
      {{nullptr, "ftp://127.0.0.1/topsecret"},
       "settings: AWS_CONTAINER_CREDENTIALS_FULL_URI can't be used as a URL"},
      {{nullptr, "http://user:topsecret@127.0.0.1/"},
       "settings: AWS_CONTAINER_CREDENTIALS_FULL_URI can't be used as a URL"},
      {{nullptr, "/topsecret"},
       "settings: AWS_CONTAINER_CREDENTIALS_FULL_URI can't be used as a URL"},
      {{nullptr, url, "topsecret\r\nX-Other: value"},
       "settings: the token of AWS_CONTAINER_AUTHORIZATION_TOKEN has a line break or another "
       "control character"},
      {{nullptr, url, nullptr, lines.path()}, lineBreak},
      {{nullptr, url, nullptr, ending.path()}, lineBreak},
      {{nullptr, url, "unused", emptyPath.c_str()},
       "settings: the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE is empty"},
      {{nullptr, url, "unused", "/nonexistent/token"},
       "settings: the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: \"/nonexistent/token\" does "
       "not exist"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ask(c.variables, server.url()), c.expected);
  }
  EXPECT_EQ(server.connectionCount(), 0U);
}

TEST(ContainerProvider, ReadsItsAnswers) {
  const std::string unusable =
      "decode: the credentials from the container credentials endpoint can't be used: ";
  const std::string notJson = unusable + "the answer is not valid JSON";
  const std::string refuses = "unauthorized: the container credentials endpoint refuses: status ";
  const struct {
    int status;
    std::string body;
    std::string expected;
  } cases[] = {
      {200, R"({"AccessKeyId":"id","SecretAccessKey":"key"})", "id/key/"},
      {200, R"({"AccessKeyId":"id","SecretAccessKey":"key","Token":null,"Expiration":""})",
       "id/key/"},
      {200, R"({"AccessKeyId":"id"})", unusable + "SecretAccessKey in the answer is missing"},
      {200, R"({"AccessKeyId":"","SecretAccessKey":"topsecret"})",
       unusable + "AccessKeyId in the answer is empty"},
      {200, R"({"AccessKeyId":"id","SecretAccessKey":["topsecret"]})",
       unusable + "SecretAccessKey in the answer is not a string"},
      {200, R"({"AccessKeyId":"id","SecretAccessKey":"topsecret","Token":1})",
       unusable + "Token in the answer is not a string"},
      {200, R"({"AccessKeyId":"id","SecretAccessKey":"topsecret","Expiration":"topsecret"})",
       unusable + "Expiration in the answer is not a time"},
      {200, "", notJson},
      {200, "topsecret", notJson},
      {200, R"(["topsecret"])", notJson},
      {200, R"({"SecretAccessKey":"topsecret" "x"})", notJson},
      {200, std::string(100, '['), notJson},
      {401, "", refuses + "401"},
      {403, R"({"code":"AccessDenied","message":"not\nfor you"})",
       refuses + "403, AccessDenied: not for you"},
      {400, R"({"Code":"Bad","Message":""})", refuses + "400, Bad"},
      {404, R"({"Code":["x"],"Message":{"y":1}})", refuses + "404"},
      {404, "<html>topsecret</html>", refuses + "404"},
      {400, R"({"message":"you sent topsecret-token-of-ours"})",
       refuses + "400: (a text with secrets in it)"},
      {302, "", "open: the container credentials endpoint fails: status 302"},
      {204, "", "open: the container credentials endpoint fails: status 204"},
  };
  for (const auto& c : cases) {
    FakeHttpServer server(always(answer(c.status, {{"Location", "/other"}}, c.body)));
    EXPECT_EQ(ask({"/x", nullptr, "topsecret-token-of-ours"}, server.url()), c.expected) << c.body;
    EXPECT_EQ(server.requests().size(), 1U) << c.body;
  }
}

TEST(ContainerProvider, MakesThreeAttempts) {
  const struct {
    int status;
    std::string expected;
  } cases[] = {
      {500, "open: the container credentials endpoint fails: status 500, Late"},
      {503, "open: the container credentials endpoint fails: status 503, Late"},
      {429, "open: the container credentials endpoint fails: status 429, Late"},
  };
  for (const auto& c : cases) {
    FakeHttpServer server(always(answer(c.status, {}, R"({"code":"Late"})")));
    const Environment environment({"/x"});
    const auto found = ContainerProvider({}, server.url()).credentials(kUncancelled);
    EXPECT_EQ(shown(found), c.expected);
    EXPECT_EQ(found.error().httpStatus, c.status);
    EXPECT_EQ(found.error().awsCode, "Late");
    EXPECT_EQ(found.error().recovery, Recovery::kRetry);
    EXPECT_EQ(server.requests().size(), 3U);
  }
  int count = 0;
  FakeHttpServer server([&](const test::ReceivedRequest&, test::ServerConnection& connection) {
    if (++count < 3) {
      connection.close();
    } else {
      connection.write(answer(200, {}, kKeys));
    }
  });
  EXPECT_EQ(ask({"/x"}, server.url()), kShown);
}

TEST(ContainerProvider, TwoSecondsOfSilenceEndAnAttempt) {
  FakeHttpServer server([](const test::ReceivedRequest& request, test::ServerConnection& c) {
    if (request.connection == 0) {
      c.stall();
      c.close();
    } else {
      c.write(answer(200, {}, kKeys));
    }
  });
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(ask({"/x"}, server.url()), kShown);
  const auto elapsed = std::chrono::steady_clock::now() - start;
  EXPECT_GE(elapsed, std::chrono::seconds(2));
  EXPECT_LT(elapsed, std::chrono::seconds(20));
}

TEST(ContainerProvider, NobodyThereIsAnErrorAndNotAbsence) {
  EXPECT_EQ(ask({"/x"}).substr(0, 83),
            "open: the container credentials endpoint can't be asked: no answer from 127.0.0.1:1");
}

TEST(ContainerProvider, CanBeCancelled) {
  const test::DeadListener listener(test::DeadListener::Queue::kFree);
  CancelToken cancel;
  cancel.cancel();
  const Environment environment({"/x"});
  EXPECT_EQ(shown(ContainerProvider({}, listener.url()).credentials(cancel)),
            "cancelled: cancelled");
}

TEST(ContainerProvider, LogsNoSecrets) {
  const test::LogCapture log;
  FakeHttpServer server(always(answer(
      200, {}, R"({"AccessKeyId":"id","SecretAccessKey":"topsecret-k","Token":"topsecret-t"})")));
  EXPECT_EQ(ask({"/topsecret-p", nullptr, "topsecret-a"}, server.url()),
            "id/topsecret-k/topsecret-t");
  EXPECT_NE(log.text().find("GET /***"), std::string::npos) << log.text();
  EXPECT_NE(log.text().find("GET " + server.url() + "/***"), std::string::npos) << log.text();
  EXPECT_EQ(log.text().find("topsecret"), std::string::npos) << log.text();
}

}  // namespace
}  // namespace kvsarchive::aws
