// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/imds_client.h"

#include <gtest/gtest.h>

#include "fake_imds.h"
#include "metadata_test_util.h"
#include "support/dead_listener.h"
#include "support/effort.h"
#include "support/log_capture.h"
#include "support/scoped_env.h"

namespace kvsarchive::aws {
namespace {

using test::answer;
using test::ScopedEnv;

constexpr const char* kTokenPut = "PUT /latest/api/token";
constexpr const char* kTtl = " [x-aws-ec2-metadata-token-ttl-seconds: 21600]";
constexpr std::chrono::milliseconds kShort{test::kSanitized ? 1000 : 250};

ImdsOptions optionsFor(const std::string& url) {
  ImdsOptions options;
  options.endpoint = url;
  options.timeout = std::chrono::seconds(10);
  return options;
}

std::string get(const ImdsOptions& options, const http::CurlOptions& network = {}) {
  ImdsClient client(network, options);
  const auto found = client.get("/data", kUncancelled);
  if (!found) {
    return std::string(kindName(found.error().kind)) + ": " + found.error().message;
  }
  return std::to_string(found->head.status) + " " + found->text;
}

TEST(ImdsClient, AsksWithAToken) {
  const FakeImds imds({{kTokenPut, ok("token==")}, {"GET /data", ok("text")}});
  ImdsClient client({}, optionsFor(imds.url()));
  EXPECT_EQ(client.get("/data", kUncancelled)->text, "text");
  EXPECT_EQ(client.get("/other", kUncancelled)->head.status, 404);
  EXPECT_EQ(shown(imds.requests()), std::string(kTokenPut) + kTtl +
                                        "\nGET /data [x-aws-ec2-metadata-token: token==]"
                                        "\nGET /other [x-aws-ec2-metadata-token: token==]");
  EXPECT_EQ(imds.requests()[0].header("Content-Length"), "0");
}

TEST(ImdsClient, WithoutTokensItAsksWithoutOne) {
  for (const int code : {403, 404, 405}) {
    const FakeImds imds({{kTokenPut, status(code)}, {"GET /data", ok("text")}});
    EXPECT_EQ(get(optionsFor(imds.url())), "200 text");
    EXPECT_EQ(shown(imds.requests()), std::string(kTokenPut) + kTtl + "\nGET /data");
  }
  for (const char* const none : {FakeImds::kStall, ""}) {
    const FakeImds imds({{kTokenPut, none}, {"GET /data", ok("text")}});
    ImdsOptions options = optionsFor(imds.url());
    options.timeout = kShort;
    EXPECT_EQ(get(options), "200 text");
    EXPECT_EQ(shown(imds.requests()), std::string(kTokenPut) + kTtl + "\nGET /data");
  }
}

TEST(ImdsClient, NeverWithoutATokenIfThatIsDisabled) {
  const std::string refuses = "unauthorized: the EC2 metadata service refuses: status ";
  const std::string disabled = "; asking it without a token (version 1) is disabled";
  const struct {
    std::string token;
    std::string expected;
  } cases[] = {
      {status(403), refuses + "403" + disabled},
      {status(404), refuses + "404" + disabled},
      {status(405), refuses + "405" + disabled},
  };
  for (const auto& c : cases) {
    const FakeImds imds({{kTokenPut, c.token}, {"GET /data", ok("text")}});
    ImdsOptions options = optionsFor(imds.url());
    options.v1Disabled = true;
    EXPECT_EQ(get(options), c.expected);
    EXPECT_EQ(imds.requests().size(), 1U);
  }
  const FakeImds imds({{kTokenPut, FakeImds::kStall}, {"GET /data", ok("text")}});
  ImdsOptions options = optionsFor(imds.url());
  options.v1Disabled = true;
  options.timeout = kShort;
  EXPECT_EQ(get(options).substr(0, 33), "absent: no EC2 metadata service: ");
  EXPECT_EQ(imds.requests().size(), 1U);
}

TEST(ImdsClient, OtherAnswersToTheRequestForATokenAreErrors) {
  const std::string bad = "decode: the token of the EC2 metadata service can't be used";
  const struct {
    std::string token;
    std::string expected;
  } cases[] = {
      {status(400), "unauthorized: the EC2 metadata service refuses: status 400"},
      {status(500), "open: the EC2 metadata service fails: status 500"},
      {status(302), "open: the EC2 metadata service fails: status 302"},
      {ok(""), bad},
      {ok("two words"), bad},
      {ok("token\nX-Other: value"), bad},
      {ok("t\xc3\xb6ken"), bad},
      {ok(std::string(4097, 't')), bad},
      {ok(std::string((1 << 20) + 1, 't')),
       "decode: the EC2 metadata service can't be asked: the answer has more than 1 MiB"},
  };
  for (const auto& c : cases) {
    const FakeImds imds({{kTokenPut, c.token}, {"GET /data", ok("text")}});
    EXPECT_EQ(get(optionsFor(imds.url())), c.expected);
    EXPECT_EQ(imds.requests().size(), 1U);
  }
}

TEST(ImdsClient, ARefusedTokenIsReplacedOnce) {
  int tokens = 0;
  std::string accepted = "token-2";
  test::FakeHttpServer server(
      [&](const test::ReceivedRequest& request, test::ServerConnection& connection) {
        if (request.method == "PUT") {
          connection.write(ok("token-" + std::to_string(++tokens)));
        } else {
          const bool good = request.header("x-aws-ec2-metadata-token") == accepted;
          connection.write(good ? ok("text") : status(401));
        }
      });
  EXPECT_EQ(get(optionsFor(server.url())), "200 text");
  EXPECT_EQ(server.requests().size(), 4U);
  accepted = "none";
  EXPECT_EQ(get(optionsFor(server.url())),
            "unauthorized: the EC2 metadata service refuses: status 401");
  EXPECT_EQ(server.requests().size(), 8U);
}

TEST(ImdsClient, WhoDemandsATokenAndSendsNoneIsExplained) {
  const FakeImds imds({{kTokenPut, FakeImds::kStall}, {"GET /data", status(401)}});
  ImdsOptions options = optionsFor(imds.url());
  options.timeout = kShort;
  const std::string authority = imds.url().substr(7);
  EXPECT_EQ(get(options),
            "unauthorized: the EC2 metadata service demands a token, but sent none (no answer "
            "from " +
                authority + ": no byte came for " + std::to_string(kShort.count()) +
                " ms): for containers, raise the hop limit "
                "of the instance's metadata to 2");
  EXPECT_EQ(imds.requests().size(), 2U);
}

TEST(ImdsClient, NobodyThereIsAbsence) {
  ImdsOptions options = optionsFor("http://127.0.0.1:1");
  EXPECT_EQ(get(options).substr(0, 64),
            "absent: no EC2 metadata service: no answer from 127.0.0.1:1: Fai");
  const test::DeadListener full(test::DeadListener::Queue::kFull);
  const test::DeadListener mute(test::DeadListener::Queue::kFree);
  for (const std::string& url : {full.url(), mute.url()}) {
    options = optionsFor(url);
    options.timeout = kShort;
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(get(options).substr(0, 33), "absent: no EC2 metadata service: ");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
  }
}

TEST(ImdsClient, WhoHasAnsweredOnceIsNotAbsent) {
  for (const std::string& token : {ok("token"), status(404)}) {
    const FakeImds imds({{kTokenPut, token}, {"GET /data", ""}});
    EXPECT_EQ(get(optionsFor(imds.url())).substr(0, 56),
              "open: the EC2 metadata service can't be asked: no answer");
  }
}

TEST(ImdsClient, MakesAsManyAttemptsAsAreSet) {
  for (const int attempts : {1, 2}) {
    const FakeImds imds({{kTokenPut, ok("token")}, {"GET /data", status(503)}});
    ImdsOptions options = optionsFor(imds.url());
    options.attempts = attempts;
    EXPECT_EQ(get(options), "open: the EC2 metadata service fails: status 503");
    EXPECT_EQ(imds.requests().size(), 1U + attempts);
  }
}

TEST(ImdsClient, DisabledItAsksNobody) {
  const FakeImds imds({{kTokenPut, ok("token")}, {"GET /data", ok("text")}});
  ImdsOptions options = optionsFor(imds.url());
  options.disabled = true;
  EXPECT_EQ(get(options), "absent: AWS_EC2_METADATA_DISABLED is true");
  EXPECT_TRUE(imds.requests().empty());
}

TEST(ImdsClient, NeverAsksThroughAProxy) {
  const FakeImds imds({{kTokenPut, ok("token")}, {"GET /data", ok("text")}});
  test::FakeHttpServer proxy(test::always(ok("proxy")));
  const ScopedEnv none("no_proxy", "");
  const ScopedEnv environment("http_proxy", proxy.url().c_str());
  http::CurlOptions network;
  network.proxy.url = proxy.url();
  EXPECT_EQ(get(optionsFor(imds.url()), network), "200 text");
  EXPECT_EQ(proxy.connectionCount(), 0U);
}

TEST(ImdsClient, TellsNobodyItsToken) {
  const test::LogCapture log;
  const FakeImds imds(
      {{kTokenPut, ok("topsecret-token")},
       {"GET /data", answer(403, {}, R"({"Code":"x","Message":"not with topsecret-token"})")}});
  EXPECT_EQ(get(optionsFor(imds.url())),
            "unauthorized: the EC2 metadata service refuses: status 403, x: (a text with secrets "
            "in it)");
  EXPECT_NE(log.text().find("GET /data"), std::string::npos);
  EXPECT_EQ(log.text().find("topsecret"), std::string::npos) << log.text();
}

TEST(ImdsClient, CanBeCancelled) {
  const test::DeadListener listener(test::DeadListener::Queue::kFree);
  CancelToken cancel;
  cancel.cancel();
  ImdsClient client({}, optionsFor(listener.url()));
  EXPECT_EQ(client.get("/data", cancel).error().kind, ErrorKind::kCancelled);
}

}  // namespace
}  // namespace kvsarchive::aws
