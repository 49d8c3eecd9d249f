// SPDX-License-Identifier: LGPL-2.1-or-later
// Keys that the user gives are seen by the service only: in no log line at the highest level, no
// message, no graph, whether all goes well or not.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/aws_sources.h"
#include "support/emulator_process.h"
#include "support/forward_proxy.h"
#include "support/log_watch.h"
#include "support/player.h"
#include "support/program_run.h"

namespace kvsarchive::test {
namespace {

constexpr const char* kKey = "AKIDVERYUNUSUALKEYID";
constexpr const char* kSecret = "very/unusual+secret/access+key/01234567890";
constexpr const char* kToken = "FwoGZXIvYXdzVeryUnusualSessionToken+/0123456789==";

constexpr const char* kPassword = "very-unusual-password";
constexpr const char* kEncodedPassword = "dXNlcjp2ZXJ5LXVudXN1YWwtcGFzc3dvcmQ=";  // with "user:"

const char* const kConfig = R"({"credentials": [
      {"access-key": "AKIDVERYUNUSUALKEYID",
       "secret-key": "very/unusual+secret/access+key/01234567890",
       "session-token": "FwoGZXIvYXdzVeryUnusualSessionToken+/0123456789=="}],
    "streams": [{"name": "cam1", "recordings": [
      {"type": "generated", "width": 64, "height": 64, "fragments": 2, "fragment-duration": 1,
       "fps": 5, "start": "2026-03-01T10:00:00Z"}]}]})";

/// The keys of this file, and the likes of those of sources.
std::vector<std::string> secrets() {
  return {kKey, kSecret, kToken, kGivenKey, "secret-of-", "token-of-", "token.of.", kPassword};
}

TEST(Secrets, FromPropertiesStaySecret) {
  const EmulatorProcess emulator(kConfig);
  LogWatch watch(secrets());
  GstElement* source = makeSource(emulator.url(), "cam1");
  g_object_set(source, "access-key", kKey, "secret-key", kSecret, "session-token", kToken, nullptr);
  watch.play(source, GST_MESSAGE_EOS);
  watch.expectNoLeak("kvsarchive-http");
}

TEST(Secrets, FromTheEnvironmentStaySecret) {
  const EmulatorProcess emulator(kConfig);
  const ScopedEnv key("AWS_ACCESS_KEY_ID", kKey);
  const ScopedEnv secret("AWS_SECRET_ACCESS_KEY", kSecret);
  const ScopedEnv token("AWS_SESSION_TOKEN", kToken);
  LogWatch watch(secrets());
  GstElement* source = makeSource(emulator.url(), "cam1");
  g_object_set(source, "access-key", nullptr, "secret-key", nullptr, nullptr);
  watch.play(source, GST_MESSAGE_EOS);
  watch.expectNoLeak("kvsarchive-http");
}

TEST(Secrets, StaySecretWhenRefused) {
  // The keys of this emulator are others.
  const EmulatorProcess emulator(R"({"streams": []})");
  LogWatch watch(secrets());
  GstElement* source = makeSource(emulator.url(), "cam1");
  g_object_set(source, "access-key", kKey, "secret-key", kSecret, "session-token", kToken, nullptr);
  watch.play(source, GST_MESSAGE_ERROR);
  watch.expectNoLeak("kvsarchive-http");
}

TEST(Secrets, StaySecretWhenNobodyListens) {
  LogWatch watch(secrets());
  GstElement* source = makeSource("http://127.0.0.1:1", "cam1");
  g_object_set(source, "retries", 1, "retry-backoff-factor", 0.1, "access-key", kKey, "secret-key",
               kSecret, "session-token", kToken, nullptr);
  watch.play(source, GST_MESSAGE_ERROR);
  watch.expectNoLeak("kvsarchive-http");
}

TEST(Secrets, OfTheStructureStaySecret) {
  const EmulatorProcess emulator(kConfig);
  LogWatch watch(secrets());
  for (const bool isGood : {true, false}) {
    GstElement* source = makeSource(emulator.url(), "cam1");
    GstStructure* keys = gst_structure_new(
        "credentials", "access-key", G_TYPE_STRING, kKey, "session-token", G_TYPE_STRING, kToken,
        isGood ? "secret-key" : "secret", G_TYPE_STRING, kSecret, nullptr);
    g_object_set(source, "credentials", keys, nullptr);
    gst_structure_free(keys);
    watch.play(source, isGood ? GST_MESSAGE_EOS : GST_MESSAGE_ERROR);
  }
  watch.expectNoLeak("kvsarchive-http");
}

TEST(Secrets, OfEachSourceStaySecretWhetherAcceptedOrNot) {
  const EmulatorProcess emulator(std::string(R"({"region": "eu-west-1", )") + (kConfig + 1));
  for (const AwsSource& given : awsSources()) {
    for (const bool isAccepted : {true, false}) {
      emulator.change("credentials", accepted({isAccepted ? kGivenKey : "AKIDOTHER"}));
      AwsScene scene;
      LogWatch watch(secrets());
      GstElement* source = makeSource(emulator.url(), "cam1");
      g_object_set(source, "access-key", nullptr, "secret-key", nullptr, "aws-region", nullptr,
                   nullptr);
      given.setUp(scene, source);
      watch.add(scene.secrets);
      watch.play(source, isAccepted ? GST_MESSAGE_EOS : GST_MESSAGE_ERROR);
      watch.expectNoLeak("kvsarchive-auth", given.name);
    }
  }
}

/// Answers of sources that refuse, and say too much.
TEST(Secrets, ThatASourceEchoesStaySecret) {
  const EmulatorProcess emulator(kConfig);
  const auto echo = [](const ReceivedRequest& request, ServerConnection& connection) {
    std::string all = request.target + " " + request.body;
    for (const http::Header& header : request.headers) {
      all += " " + header.value;
    }
    const std::string token =
        request.header("Authorization") + request.header("x-aws-ec2-metadata-token");
    connection.write(
        request.method == "PUT"
            ? answer(200, {}, "token-of-the-instance")
            : answer(403, {}, R"({"code": ")" + token + R"(", "message": ")" + all + "\"}"));
  };
  const struct {
    const char* name;
    void (*setUp)(AwsScene&, const std::string& url);
  } cases[] = {
      {"container",
       [](AwsScene& scene, const std::string& url) {
         scene.setVariable("AWS_CONTAINER_CREDENTIALS_FULL_URI", url);
         scene.setVariable("AWS_CONTAINER_AUTHORIZATION_TOKEN", "token-of-x");
       }},
      {"EC2", [](AwsScene& scene, const std::string& url) { scene.setMetadataService(url); }},
      {"web identity",
       [](AwsScene& scene, const std::string& url) {
         scene.setVariable("AWS_ENDPOINT_URL_STS", url);
         scene.setVariable("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/x");
         scene.setVariable("AWS_WEB_IDENTITY_TOKEN_FILE", scene.file("token-of-x"));
       }},
  };
  for (const auto& c : cases) {
    AwsScene scene;
    LogWatch watch(secrets());
    GstElement* source = makeSource(emulator.url(), "cam1");
    g_object_set(source, "access-key", nullptr, "secret-key", nullptr, nullptr);
    const FakeHttpServer& server = scene.serve(echo);
    c.setUp(scene, server.url());
    watch.play(source, GST_MESSAGE_ERROR);
    EXPECT_FALSE(server.requests().empty()) << c.name;
    watch.expectNoLeak("kvsarchive-auth", c.name);
  }
}

TEST(Secrets, PasswordsOfProxiesStaySecret) {
  const EmulatorProcess emulator(R"({"streams": []})");
  const int port = std::stoi(emulator.url().substr(emulator.url().rfind(':') + 1));
  for (const char* demanded : {kPassword, "another"}) {
    for (const char* url : {"http://kvs.invalid", "https://kvs.invalid"}) {
      for (const bool isInUrl : {true, false}) {
        const AwsScene scene;
        // Nobody speaks TLS behind it.
        const ForwardProxy proxy(url[4] == 's' ? 1 : port, demanded);
        const std::string address = proxy.url().substr(7);
        LogWatch watch({kPassword, kEncodedPassword});
        GstElement* source = makeSource(url, "cam1");
        const std::string proxyUrl =
            "http://" + (isInUrl ? std::string("user:") + kPassword + "@" : "") + address;
        g_object_set(source, "proxy", proxyUrl.c_str(), "retries", 0, nullptr);
        if (!isInUrl) {
          g_object_set(source, "proxy-id", "user", "proxy-pw", kPassword, nullptr);
        }
        watch.play(source, GST_MESSAGE_ERROR);  // there is no such stream
        ASSERT_FALSE(proxy.requests().empty());
        EXPECT_EQ(proxy.requests()[0].header("Proxy-Authorization"),
                  std::string("Basic ") + kEncodedPassword);
        watch.expectNoLeak("kvsarchive-http", proxyUrl);
      }
    }
  }
}

TEST(Secrets, OfTheEnvironmentAreNotInspected) {
  AwsScene scene;
  scene.setVariable("AWS_ACCESS_KEY_ID", kKey);
  scene.setVariable("AWS_SECRET_ACCESS_KEY", kSecret);
  scene.setVariable("HTTPS_PROXY", std::string("http://user:") + kPassword + "@127.0.0.1:1");
  const std::string text = runProgram({"gst-inspect-1.0", "kvsarchivesrc"}).output;
  EXPECT_NE(text.find("iot-certificate"), std::string::npos);
  for (const std::string& secret : secrets()) {
    EXPECT_EQ(text.find(secret), std::string::npos) << secret;
  }
}

}  // namespace
}  // namespace kvsarchive::test
