// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>
#include <vector>

#include "aws/sso_provider.h"
#include "base/guarded.h"
#include "show.h"
#include "support/aws_home.h"
#include "support/fake_clock.h"
#include "support/fake_http_server.h"
#include "support/log_capture.h"

namespace kvsarchive::aws {
namespace {

using test::answer;
using test::AwsHome;
using test::FakeClock;
using test::FakeHttpServer;
using test::ReceivedRequest;
using test::ServerConnection;

constexpr const char* kSessionFile =  // SHA-1 of "my-session"
    ".aws/sso/cache/9e28173066ce536e277c5fb355efd9c64f398167.json";
constexpr const char* kStartUrlFile =  // SHA-1 of "https://d-1.awsapps.com/start"
    ".aws/sso/cache/0c54b6c27e90660baa89eaad85ac1d5dae26cb7d.json";
constexpr const char* kSecrets[] = {"access-token-1", "access-token-2", "refresh-token-1",
                                    "refresh-token-2", "client-secret"};

const SsoLogin kSession{"p x",       "my-session",   "https://d-1.awsapps.com/start",
                        "eu-west-1", "123456789012", "Role/Name"};
const SsoLogin kOldForm{"p x",          "",         "https://d-1.awsapps.com/start", "eu-west-1",
                        "123456789012", "Role/Name"};
const char* const kLogin = ": run aws sso login --profile \"p x\"";

std::string cached(const std::string& expiresAt,
                   const std::string& registrationExpiresAt = "2026-05-01T00:00:00Z") {
  return R"({"startUrl": "https://d-1.awsapps.com/start", "region": "eu-west-1",
"accessToken": "access-token-1", "expiresAt": ")" +
         expiresAt + R"(", "clientId": "client", "clientSecret": "client-secret",
"registrationExpiresAt": ")" +
         registrationExpiresAt +
         R"(", "refreshToken": "refresh-token-1", "new": {"of": [1, null]}})";
}

constexpr const char* kRoleAnswer =
    R"({"roleCredentials":{"accessKeyId":"ID","secretAccessKey":"SECRET","sessionToken":"TOKEN",)"
    R"("expiration":1772362800123}})";
constexpr const char* kRoleKeys = "ID/SECRET/TOKEN 2026-03-01T11:00:00.123Z";

class Sso : public testing::Test {
 protected:
  Result<Credentials> ask(const SsoLogin& login) {
    ServiceAccess access;
    access.clock = &clock_;
    access.attempts.pause = std::chrono::milliseconds(1);
    return SsoProvider(access, {server_.url(), server_.url() + "/oidc"}, login, SsoTokenCache())
        .credentials(cancel_);
  }

  /// What came of it; checks that nothing secret is said.
  std::string show(const SsoLogin& login) {
    const test::LogCapture log;
    const Result<Credentials> found = ask(login);
    for (const char* secret : kSecrets) {
      EXPECT_EQ(showCredentials(found).find(secret), std::string::npos) << secret;
      EXPECT_EQ(log.text().find(secret), std::string::npos) << secret;
    }
    log_ = log.text();
    return showCredentials(found);
  }

  /// Targets of all requests, in their order.
  std::string targets() const {
    std::string all;
    for (const ReceivedRequest& request : server_.requests()) {
      all += request.method + " " + request.target.substr(0, request.target.find('?')) + "; ";
    }
    return all;
  }

  const AwsHome home_{"", ""};
  FakeClock clock_{unixTimeFromMillis(1'772'359'200'000)};  // 2026-03-01T10:00:00Z
  CancelToken cancel_;
  std::string log_;
  Guarded<std::string> portalAnswer_{answer(200, {}, kRoleAnswer)};
  Guarded<std::string> oidcAnswer_{answer(
      200, {},
      R"({"accessToken":"access-token-2","expiresIn":3600,"refreshToken":"refresh-token-2"})")};
  std::function<void()> whileRenewed_ = [] {};
  FakeHttpServer server_{[this](const ReceivedRequest& request, ServerConnection& connection) {
    if (request.target == "/oidc/token") {
      whileRenewed_();
    }
    const std::string bytes =
        *(request.target == "/oidc/token" ? oidcAnswer_ : portalAnswer_).lock();
    connection.write(bytes);
  }};
};

TEST_F(Sso, TheCachedTokenIsShownToThePortal) {
  for (const auto& [login, file] :
       {std::pair(kSession, kSessionFile), std::pair(kOldForm, kStartUrlFile)}) {
    home_.write(file, cached("2026-03-01T10:15:00Z"));
    EXPECT_EQ(show(login), kRoleKeys);
    const ReceivedRequest request = server_.requests().back();
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.target,
              "/federation/credentials?role_name=Role%2FName&account_id=123456789012");
    EXPECT_EQ(request.header("x-amz-sso_bearer_token"), "access-token-1");
    EXPECT_EQ(request.header("Authorization"), "");
    std::filesystem::remove(home_.path(file));
  }
  EXPECT_EQ(targets(), "GET /federation/credentials; GET /federation/credentials; ");
}

TEST_F(Sso, TokensOfSessionsAreRenewedAheadOfTime) {
  home_.write(kSessionFile, cached("2026-03-01T10:14:59Z"));
  chmod(home_.path(kSessionFile).c_str(), 0644);
  EXPECT_EQ(show(kSession), kRoleKeys);
  EXPECT_EQ(targets(), "POST /oidc/token; GET /federation/credentials; ");
  const auto requests = server_.requests();
  EXPECT_EQ(requests[0].header("Content-Type"), "application/json");
  EXPECT_EQ(requests[0].header("Authorization"), "");
  EXPECT_EQ(requests[0].body,
            R"({"grantType":"refresh_token","clientId":"client","clientSecret":"client-secret",)"
            R"("refreshToken":"refresh-token-1"})");
  EXPECT_EQ(requests[1].header("x-amz-sso_bearer_token"), "access-token-2");
  EXPECT_EQ(home_.read(kSessionFile),
            R"({"startUrl":"https://d-1.awsapps.com/start","region":"eu-west-1",)"
            R"("accessToken":"access-token-2","expiresAt":"2026-03-01T11:00:00Z",)"
            R"("clientId":"client","clientSecret":"client-secret",)"
            R"("registrationExpiresAt":"2026-05-01T00:00:00Z","refreshToken":"refresh-token-2",)"
            R"("new":{"of":[1,null]}})");
  struct stat about {};
  ASSERT_EQ(stat(home_.path(kSessionFile).c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
  // Nothing else is left in the folder.
  const std::filesystem::directory_iterator files(home_.path(".aws/sso/cache"));
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
  // The renewed one serves next time.
  EXPECT_EQ(show(kSession), kRoleKeys);
  EXPECT_EQ(server_.requests().back().header("x-amz-sso_bearer_token"), "access-token-2");
  EXPECT_EQ(server_.requests().size(), 3U);
}

TEST_F(Sso, AnExpiredTokenIsRenewedToo) {
  home_.write(kSessionFile, cached("2026-02-28T10:00:00Z"));
  *oidcAnswer_.lock() = answer(200, {}, R"({"accessToken":"access-token-2","expiresIn":3600})");
  EXPECT_EQ(show(kSession), kRoleKeys);
  // The refresh token stays where the service gives no other.
  EXPECT_NE(home_.read(kSessionFile).find(R"("refreshToken":"refresh-token-1")"),
            std::string::npos);
}

TEST_F(Sso, AFailedRenewalMattersOnlyWhenTheTokenHasExpired) {
  const std::string refused =
      answer(400, {}, R"({"error":"invalid_grant","error_description":"refresh-token-1"})");
  struct Case {
    std::string oidc, expected, logged;
  };
  for (const Case& c : {
           Case{refused, "unauthorized: the SSO login has expired" + std::string(kLogin),
                "the SSO token can't be renewed: HTTP status 400 and invalid_grant"},
           Case{answer(429, {}, ""), "busy: the SSO token can't be renewed: HTTP status 429",
                "the SSO token can't be renewed: HTTP status 429"},
           Case{answer(500, {}, ""), "open: the SSO token can't be renewed: HTTP status 500",
                "the SSO token can't be renewed: HTTP status 500"},
           Case{answer(200, {}, "access-token-1"),
                "decode: the answer to the renewal of the SSO token is not usable",
                "the answer to the renewal of the SSO token is not usable"},
           Case{answer(200, {}, R"({"accessToken":"access-token-2"})"),
                "decode: the answer to the renewal of the SSO token is not usable",
                "the answer to the renewal of the SSO token is not usable"},
           Case{answer(200, {}, R"({"accessToken":"","expiresIn":1})"),
                "decode: the answer to the renewal of the SSO token is not usable",
                "the answer to the renewal of the SSO token is not usable"},
       }) {
    *oidcAnswer_.lock() = c.oidc;
    const std::string soon = cached("2026-03-01T10:00:01Z");
    home_.write(kSessionFile, soon);
    EXPECT_EQ(show(kSession), kRoleKeys);
    EXPECT_NE(log_.find(c.logged), std::string::npos) << log_;
    EXPECT_EQ(server_.requests().back().header("x-amz-sso_bearer_token"), "access-token-1");
    EXPECT_EQ(home_.read(kSessionFile), soon);
    home_.write(kSessionFile, cached("2026-03-01T10:00:00Z"));
    EXPECT_EQ(show(kSession), c.expected);
  }
}

TEST_F(Sso, AnotherProcessMayUseUpTheRefreshToken) {
  *oidcAnswer_.lock() = answer(400, {}, R"({"error":"invalid_grant"})");
  std::string renewed = cached("2026-03-01T11:00:00Z");
  renewed.replace(renewed.find("access-token-1"), 14, "access-token-2");
  whileRenewed_ = [&] { home_.write(kSessionFile, renewed); };
  for (const char* expiresAt : {"2026-03-01T10:00:01Z", "2026-03-01T10:00:00Z"}) {
    home_.write(kSessionFile, cached(expiresAt));
    EXPECT_EQ(show(kSession), kRoleKeys);
    EXPECT_EQ(server_.requests().back().header("x-amz-sso_bearer_token"), "access-token-2");
    EXPECT_EQ(log_.find("renewed"), std::string::npos) << log_;
  }
}

TEST_F(Sso, AnotherProcessMayNotHaveWrittenItYet) {
  *oidcAnswer_.lock() = answer(400, {}, R"({"error":"invalid_grant"})");
  std::string renewed = cached("2026-03-01T11:00:00Z");
  renewed.replace(renewed.find("access-token-1"), 14, "access-token-2");
  home_.write(kSessionFile, cached("2026-03-01T10:00:00Z"));
  std::thread other;
  whileRenewed_ = [&] {
    other = std::thread([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      home_.write(kSessionFile, renewed);
    });
  };
  EXPECT_EQ(show(kSession), kRoleKeys);
  other.join();
}

TEST_F(Sso, OneRenewalServesAllOfTheProcess) {
  home_.write(kSessionFile, cached("2026-03-01T10:00:00Z"));
  whileRenewed_ = [] { std::this_thread::sleep_for(std::chrono::milliseconds(100)); };
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this] { EXPECT_EQ(showCredentials(ask(kSession)), kRoleKeys); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  size_t renewals = 0;
  for (const ReceivedRequest& request : server_.requests()) {
    renewals += request.target == "/oidc/token" ? 1 : 0;
    EXPECT_TRUE(request.target == "/oidc/token" ||
                request.header("x-amz-sso_bearer_token") == "access-token-2");
  }
  EXPECT_EQ(renewals, 1U);
}

TEST_F(Sso, WhatCantBeRenewedNeedsALogin) {
  const std::string expired = "unauthorized: the SSO login has expired" + std::string(kLogin);
  home_.write(kStartUrlFile, cached("2026-03-01T10:00:00Z"));
  EXPECT_EQ(show(kOldForm), expired);
  home_.write(kSessionFile, cached("2026-03-01T10:00:00Z", "2026-03-01T09:00:00Z"));
  EXPECT_EQ(show(kSession), expired);
  home_.write(kSessionFile,
              R"({"accessToken":"access-token-1","expiresAt":"2026-03-01T10:00:00UTC"})");
  EXPECT_EQ(show(kSession), expired);
  EXPECT_EQ(targets(), "");
  // Still valid for a second.
  home_.write(kSessionFile,
              R"({"accessToken":"access-token-1","expiresAt":"2026-03-01T10:00:01UTC"})");
  EXPECT_EQ(show(kSession), kRoleKeys);
}

TEST_F(Sso, CachesThatAreNone) {
  EXPECT_EQ(show(kSession), "unauthorized: there is no SSO login yet" + std::string(kLogin));
  const std::string useless =
      "decode: \"" + home_.path(kSessionFile) + "\" has no SSO login that can be used" + kLogin;
  for (const char* text : {
           "",
           "access-token-1",
           "[]",
           R"({"accessToken":"access-token-1")",
           R"({"accessToken":"access-token-1"})",
           R"({"expiresAt":"2026-03-01T11:00:00Z"})",
           R"({"accessToken":1,"expiresAt":"2026-03-01T11:00:00Z"})",
           R"({"accessToken":"access-token-1","expiresAt":"access-token-1"})",
           R"({"accessToken":"access-token-1","expiresAt":null})",
       }) {
    home_.write(kSessionFile, text);
    EXPECT_EQ(show(kSession), useless) << text;
  }
  EXPECT_EQ(targets(), "");
}

TEST_F(Sso, ARenewedTokenServesEvenIfItCantBeKept) {
  home_.write(kSessionFile, cached("2026-03-01T10:00:00Z"));
  whileRenewed_ = [this] { std::filesystem::remove_all(home_.path(".aws/sso")); };
  EXPECT_EQ(show(kSession), kRoleKeys);
  EXPECT_NE(log_.find("the renewed SSO token is not kept: \"" + home_.path(kSessionFile)),
            std::string::npos)
      << log_;
}

TEST_F(Sso, WhatThePortalRefuses) {
  const std::string role =
      "the SSO portal gives no credentials of role \"Role/Name\" in account \"123456789012\": ";
  const std::string incomplete =
      "decode: roleCredentials in the SSO portal's answer are not complete";
  struct Case {
    std::string answer, expected;
  };
  for (const Case& c : {
           Case{answer(401, {}, R"({"message":"Session token not found or invalid"})"),
                "unauthorized: the SSO login is not valid any more" + std::string(kLogin)},
           Case{answer(403, {}, R"({"message":"No access"})"),
                "unauthorized: " + role + "HTTP status 403, No access"},
           Case{answer(403, {}, R"({"message":"No access with access-token-1"})"),
                "unauthorized: " + role + "HTTP status 403, (a text with secrets in it)"},
           Case{answer(404, {}, R"({"message":["x"]})"), "settings: " + role + "HTTP status 404"},
           Case{answer(400, {}, "access-token-1"), "settings: " + role + "HTTP status 400"},
           Case{answer(429, {}, ""), "busy: " + role + "HTTP status 429"},
           Case{answer(500, {}, ""), "open: " + role + "HTTP status 500"},
           Case{answer(302, {{"Location", "http://127.0.0.1:1/"}}, ""),
                "open: " + role + "HTTP status 302"},
           Case{answer(200, {}, "access-token-1"),
                "decode: the SSO portal's answer is not valid JSON"},
           Case{answer(200, {}, "{}"),
                "decode: roleCredentials in the SSO portal's answer is missing"},
           Case{answer(200, {}, R"({"roleCredentials":1})"),
                "decode: roleCredentials in the answer is not an object"},
           Case{answer(200, {}, R"({"roleCredentials":{"accessKeyId":"ID"}})"), incomplete},
           Case{answer(200, {},
                       R"({"roleCredentials":{"accessKeyId":"ID","secretAccessKey":"SECRET",)"
                       R"("sessionToken":"TOKEN","expiration":9007199254740992}})"),
                incomplete},
           Case{answer(200, {},
                       R"({"roleCredentials":{"accessKeyId":"ID","secretAccessKey":"",)"
                       R"("sessionToken":"TOKEN","expiration":1}})"),
                incomplete},
       }) {
    *portalAnswer_.lock() = c.answer;
    home_.write(kSessionFile, cached("2026-03-01T12:00:00Z"));
    EXPECT_EQ(show(kSession), c.expected);
  }
}

TEST_F(Sso, Cancelled) {
  home_.write(kSessionFile, cached("2026-03-01T10:00:01Z"));
  cancel_.cancel();
  EXPECT_EQ(show(kSession), "cancelled: cancelled");
}

TEST_F(Sso, TokensWithLineBreaksAreNotSent) {
  home_.write(kSessionFile,
              R"({"accessToken":"access-token-1\r\nX: y","expiresAt":"2026-03-01T12:00:00Z"})");
  const std::string found = show(kSession);
  EXPECT_EQ(found.substr(0, 9), "settings:") << found;
  EXPECT_EQ(targets(), "");
}

}  // namespace
}  // namespace kvsarchive::aws
