// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sts_client.h"

#include <gtest/gtest.h>

#include <atomic>

#include "aws/canonical_request.h"
#include "aws/sigv4.h"
#include "show.h"
#include "sts_answers.h"
#include "support/fake_clock.h"
#include "support/fake_http_server.h"

namespace kvsarchive::aws {
namespace {

using test::always;
using test::answer;
using test::FakeClock;
using test::FakeHttpServer;
using test::ReceivedRequest;
using test::ServerConnection;

constexpr const char* kSecret = "a+secret/key-that-nobody-sees";
constexpr const char* kSourceToken = "source-token-that-nobody-sees";
constexpr const char* kWebToken = "eyJ.web+token/that=nobody.sees";

const CancelToken kNever;
const FakeClock kClock(unixTimeFromMillis(1'772'359'200'123));  // 2026-03-01T10:00:00.123Z

StsClient client(const std::string& url) {
  ServiceAccess access;
  access.clock = &kClock;
  access.attempts.pause = std::chrono::milliseconds(1);
  return StsClient(access, {url, "eu-west-1"});
}

const RoleRequest kRole{"arn:aws:iam::123456789012:role/a+b", "my session@x", "", 0};
const Credentials kSource("SOURCEID", kSecret, kSourceToken);

Result<Credentials> assume(const FakeHttpServer& server) {
  return client(server.url()).assumeRole(kRole, kSource, kNever);
}

Result<Credentials> assumeByToken(const FakeHttpServer& server) {
  return client(server.url()).assumeRoleWithWebIdentity(kRole, kWebToken, kNever);
}

void expectNoSecret(const Error& error) {
  for (const char* secret : {kSecret, kSourceToken, kWebToken}) {
    EXPECT_EQ(error.message.find(secret), std::string::npos) << error.message;
    EXPECT_EQ(error.awsCode.find(secret), std::string::npos) << error.awsCode;
  }
}

TEST(StsClient, AssumeRoleIsAskedForWithASignature) {
  FakeHttpServer server(always(answer(200, {}, stsAnswer("AssumeRole", "ID"))));
  EXPECT_EQ(showCredentials(assume(server)),
            "ID/secret-of-ID/token-of-ID 2026-03-01T11:00:00.000Z");
  ASSERT_EQ(server.requests().size(), 1U);
  const ReceivedRequest request = server.requests()[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/");
  EXPECT_EQ(request.header("Content-Type"), "application/x-www-form-urlencoded; charset=utf-8");
  EXPECT_EQ(request.header("X-Amz-Date"), "20260301T100000Z");
  EXPECT_EQ(request.header("X-Amz-Security-Token"), kSourceToken);
  EXPECT_EQ(request.body,
            "Action=AssumeRole&Version=2011-06-15"
            "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fa%2Bb"
            "&RoleSessionName=my%20session%40x");
  // What a service does: it signs what it got, and compares.
  const SigningScope scope{"eu-west-1", "sts", kClock.now()};
  http::Headers covered;
  for (const char* name :
       {"Accept", "Content-Type", "Host", "X-Amz-Date", "X-Amz-Security-Token"}) {
    covered.push_back({name, request.header(name)});
  }
  const CanonicalRequest canonical =
      canonicalRequest({"POST", "/", "", covered, request.body, true});
  EXPECT_EQ(request.header("Authorization"),
            authorization("SOURCEID", scope, canonical.signedHeaders,
                          signature(kSecret, scope, stringToSign(scope, canonical.text))));
}

TEST(StsClient, OptionalParameters) {
  FakeHttpServer server(always(answer(200, {}, stsAnswer("AssumeRole", "ID"))));
  const RoleRequest role{"r", "", "ext:1/&", 900};
  ASSERT_TRUE(client(server.url()).assumeRole(role, kSource, kNever));
  EXPECT_EQ(server.requests()[0].body,
            "Action=AssumeRole&Version=2011-06-15&RoleArn=r"
            "&RoleSessionName=gst-kvs-archive-1772359200&DurationSeconds=900"
            "&ExternalId=ext%3A1%2F%26");
}

TEST(StsClient, WebIdentitiesAreNotSigned) {
  FakeHttpServer server(always(answer(200, {}, stsAnswer("AssumeRoleWithWebIdentity", "WEB"))));
  EXPECT_EQ(showCredentials(assumeByToken(server)),
            "WEB/secret-of-WEB/token-of-WEB 2026-03-01T11:00:00.000Z");
  const ReceivedRequest request = server.requests().at(0);
  EXPECT_EQ(request.body,
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
            "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fa%2Bb"
            "&RoleSessionName=my%20session%40x"
            "&WebIdentityToken=eyJ.web%2Btoken%2Fthat%3Dnobody.sees");
  EXPECT_EQ(request.header("Authorization"), "");
  EXPECT_EQ(request.header("X-Amz-Date"), "");
}

TEST(StsClient, Refusals) {
  const std::string canonical =
      "The request signature we calculated does not match. The Canonical String for this request "
      "should have been 'POST x-amz-security-token:" +
      std::string(kSourceToken) + "'";
  struct Case {
    int status;
    std::string body, expected;
    size_t requests;
  };
  for (const Case& c : {
           Case{403, stsError("AccessDenied", "User x is not\nauthorized"),
                "unauthorized: STS answers with HTTP status 403 and AccessDenied: User x is not "
                "authorized",
                1},
           Case{403, stsError("SignatureDoesNotMatch", canonical),
                "unauthorized: STS answers with HTTP status 403 and SignatureDoesNotMatch: The "
                "request signature we calculated does not match.",
                1},
           Case{403, stsError("InvalidClientTokenId", "no " + std::string(kSecret)),
                "unauthorized: STS answers with HTTP status 403 and InvalidClientTokenId: (a text "
                "with secrets in it)",
                1},
           Case{403, stsError(kSourceToken, ""), "unauthorized: STS answers with HTTP status 403",
                1},
           Case{400, stsError("ExpiredTokenException", "expired"),
                "unauthorized: STS answers with HTTP status 400 and ExpiredTokenException: expired",
                1},
           Case{400, stsError("InvalidIdentityToken", "no"),
                "unauthorized: STS answers with HTTP status 400 and InvalidIdentityToken: no", 1},
           Case{400, stsError("ValidationError", "1 error"),
                "settings: STS answers with HTTP status 400 and ValidationError: 1 error", 1},
           Case{400, stsError("Throttling", "Rate exceeded"),
                "busy: STS answers with HTTP status 400 and Throttling: Rate exceeded", 3},
           Case{429, "", "busy: STS answers with HTTP status 429", 3},
           Case{400, stsError("IDPCommunicationError", "no IdP"),
                "open: STS answers with HTTP status 400 and IDPCommunicationError: no IdP", 3},
           Case{500, "<html>", "open: STS answers with HTTP status 500", 3},
           Case{401, "{\"a\":1}", "unauthorized: STS answers with HTTP status 401", 1},
       }) {
    FakeHttpServer server(always(answer(c.status, {}, c.body)));
    const auto found = assume(server);
    EXPECT_EQ(showCredentials(found), c.expected);
    EXPECT_EQ(server.requests().size(), c.requests) << c.expected;
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().httpStatus, c.status);
    EXPECT_EQ(found.error().operation, "AssumeRole");
    expectNoSecret(found.error());
  }
}

TEST(StsClient, RedirectsAreNotFollowed) {
  FakeHttpServer other(always(answer(200, {}, stsAnswer("AssumeRole", "ID"))));
  FakeHttpServer server(always(answer(307, {{"Location", other.url() + "/"}}, "")));
  EXPECT_EQ(showCredentials(assume(server)), "open: STS answers with HTTP status 307");
  EXPECT_EQ(other.connectionCount(), 0U);
}

TEST(StsClient, TokensAreNotRepeated) {
  FakeHttpServer server(always(
      answer(400, {}, stsError("InvalidIdentityToken", "what is " + std::string(kWebToken)))));
  const auto found = assumeByToken(server);
  EXPECT_EQ(showCredentials(found),
            "unauthorized: STS answers with HTTP status 400 and InvalidIdentityToken: (a text with "
            "secrets in it)");
  EXPECT_EQ(found.error().awsCode, "InvalidIdentityToken");
}

TEST(StsClient, WhatPassesIsTriedAgainAndSignedAnew) {
  std::atomic<int> count{0};
  FakeClock clock(kClock.now());
  FakeHttpServer server([&](const ReceivedRequest&, ServerConnection& connection) {
    const int n = ++count;
    clock.advance(std::chrono::seconds(1));
    if (n == 1) {
      connection.close();
    } else {
      connection.write(n == 2 ? answer(400, {}, stsError("Throttling", "Rate exceeded"))
                              : answer(200, {}, stsAnswer("AssumeRole", "ID")));
    }
  });
  ServiceAccess access;
  access.clock = &clock;
  access.attempts.pause = std::chrono::milliseconds(1);
  ASSERT_TRUE(StsClient(access, {server.url(), "eu-west-1"}).assumeRole(kRole, kSource, kNever));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].header("X-Amz-Date"), "20260301T100000Z");
  EXPECT_EQ(requests[2].header("X-Amz-Date"), "20260301T100002Z");
}

TEST(StsClient, UselessAnswers) {
  struct Case {
    std::string bytes, expected;
  };
  for (const Case& c : {
           Case{answer(200, {}, ""),
                "decode: STS gives no credentials that can be used: the answer "
                "is not the XML that is due"},
           Case{answer(200, {}, stsAnswer("AssumeRole", "")),
                "decode: STS gives no credentials that can be used: AccessKeyId in the answer is "
                "not usable"},
           Case{answer(200, {}, std::string((1 << 20) + 1, ' ')),
                "decode: the answer has more than 1 MiB"},
       }) {
    FakeHttpServer server(always(c.bytes));
    EXPECT_EQ(showCredentials(assume(server)), c.expected);
    EXPECT_EQ(server.requests().size(), 1U);
  }
}

TEST(StsClient, CancelledWhileItWaits) {
  CancelToken cancel;
  FakeHttpServer server([&](const ReceivedRequest&, ServerConnection& connection) {
    cancel.cancel();
    connection.read(1);  // until the peer goes
  });
  const auto found = client(server.url()).assumeRole(kRole, kSource, cancel);
  EXPECT_EQ(showCredentials(found), "cancelled: cancelled");
}

TEST(StsClient, CancelledInAPause) {
  CancelToken cancel;
  FakeHttpServer server([&](const ReceivedRequest&, ServerConnection& connection) {
    connection.write(answer(500, {}, ""));
    cancel.cancel();
  });
  ServiceAccess access;
  access.attempts.pause = std::chrono::hours(1);
  EXPECT_EQ(showCredentials(
                StsClient(access, {server.url(), "eu-west-1"}).assumeRole(kRole, kSource, cancel)),
            "cancelled: cancelled");
}

}  // namespace
}  // namespace kvsarchive::aws
