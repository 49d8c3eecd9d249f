// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/imds_provider.h"

#include <gtest/gtest.h>

#include "fake_imds.h"
#include "metadata_test_util.h"
#include "support/fake_clock.h"
#include "support/log_capture.h"

namespace kvsarchive::aws {
namespace {

using std::chrono::minutes;

constexpr const char* kTokenPut = "PUT /latest/api/token";
constexpr const char* kRoles = "GET /latest/meta-data/iam/security-credentials/";
constexpr const char* kRole = "GET /latest/meta-data/iam/security-credentials/my+role=,.@-_1";

UnixTime at(const std::string& text) { return *parseIso8601(text); }

std::string keys(const std::string& expiration, const std::string& code = "Success") {
  return R"({"Code":")" + code +
         R"(","LastUpdated":"2026-03-01T09:00:00Z","Type":"AWS-HMAC","AccessKeyId":"id",)"
         R"("SecretAccessKey":"key","Token":"tok","Expiration":")" +
         expiration + "\"}";
}

/// A service that knows of the role, and of `document` for its credentials.
std::map<std::string, std::string> serving(const std::string& document) {
  return {{kTokenPut, ok("token")}, {kRoles, ok("my+role=,.@-_1\nother\n")}, {kRole, document}};
}

ImdsOptions optionsFor(const FakeImds& imds) {
  ImdsOptions options;
  options.endpoint = imds.url();
  options.timeout = std::chrono::seconds(10);
  return options;
}

std::string ask(const std::map<std::string, std::string>& answers) {
  const FakeImds imds(answers);
  const test::FakeClock clock(at("2026-03-01T08:00:00Z"));
  return shown(ImdsProvider({}, optionsFor(imds), clock).credentials(kUncancelled));
}

TEST(ImdsProvider, FetchesTheCredentialsOfTheFirstRole) {
  const FakeImds imds(serving(ok(keys("2026-03-01T10:00:00Z"))));
  const test::FakeClock clock(at("2026-03-01T08:00:00Z"));
  ImdsProvider provider({}, optionsFor(imds), clock);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(shown(provider.credentials(kUncancelled)),
              "id/key/tok until 2026-03-01T10:00:00.000Z");
  }
  const std::string once =
      "PUT /latest/api/token [x-aws-ec2-metadata-token-ttl-seconds: 21600]\n"
      "GET /latest/meta-data/iam/security-credentials/ [x-aws-ec2-metadata-token: token]\n"
      "GET /latest/meta-data/iam/security-credentials/my+role=,.@-_1 "
      "[x-aws-ec2-metadata-token: token]";
  EXPECT_EQ(shown(imds.requests()), once + "\n" + once);
}

TEST(ImdsProvider, WithoutTokens) {
  auto answers = serving(ok(keys("2026-03-01T10:00:00Z")));
  answers.erase(kTokenPut);
  EXPECT_EQ(ask(answers), "id/key/tok until 2026-03-01T10:00:00.000Z");
}

TEST(ImdsProvider, BadAnswersHaveClearErrors) {
  const std::string noRole = "absent: no IAM role is attached to this EC2 instance";
  const std::string badRole =
      "decode: the EC2 metadata service does not answer with the name of an IAM role";
  const std::string unusable =
      "decode: the credentials from the EC2 metadata service can't be used: ";
  const struct {
    std::map<std::string, std::string> answers;
    std::string expected;
  } cases[] = {
      {{{kTokenPut, ok("token")}}, noRole},
      {{{kTokenPut, ok("token")}, {kRoles, ok("")}}, noRole},
      {{{kTokenPut, ok("token")}, {kRoles, ok("\nrole")}}, noRole},
      {{{kTokenPut, ok("token")}, {kRoles, ok("role")}}, noRole},
      {{{kTokenPut, ok("token")}, {kRoles, ok("../../other")}}, badRole},
      {{{kTokenPut, ok("token")}, {kRoles, ok("a role")}}, badRole},
      {{{kTokenPut, ok("token")}, {kRoles, ok("role?x")}}, badRole},
      {{{kTokenPut, ok("token")}, {kRoles, ok("<html>login</html>")}}, badRole},
      {{{kTokenPut, ok("token")}, {kRoles, ok(std::string(65, 'r'))}}, badRole},
      {{{kTokenPut, ok("token")}, {kRoles, status(403)}},
       "unauthorized: the EC2 metadata service refuses: status 403"},
      {serving(status(500)), "open: the EC2 metadata service fails: status 500"},
      {serving(ok(R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume"})")),
       "unauthorized: the EC2 metadata service refuses: status 200, "
       "AssumeRoleUnauthorizedAccess: EC2 cannot assume"},
      {serving(ok(keys("2026-03-01T10:00:00Z", "Failed"))),
       "unauthorized: the EC2 metadata service refuses: status 200, Failed"},
      {serving(ok("topsecret")), unusable + "the answer is not valid JSON"},
      {serving(ok("{}")), unusable + "AccessKeyId in the answer is missing"},
      {serving(ok(R"({"Code":"Success","AccessKeyId":"i","SecretAccessKey":"topsecret"})")),
       unusable + "Token in the answer is missing"},
      {serving(ok(R"({"AccessKeyId":"i","SecretAccessKey":"topsecret","Token":"t"})")),
       unusable + "Expiration in the answer is missing"},
      {serving(ok(keys(""))), unusable + "Expiration in the answer is empty"},
      {serving(ok(keys("topsecret"))), unusable + "Expiration in the answer is not a time"},
      {serving(ok(keys("2026-03-01T10:00:00"))),
       unusable + "Expiration in the answer is not a time"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ask(c.answers), c.expected);
  }
}

TEST(ImdsProvider, BadOptionsAreToldToWhoAsks) {
  EXPECT_EQ(
      shown(ImdsProvider({}, makeError(ErrorKind::kSettings, "bad")).credentials(kUncancelled)),
      "settings: bad");
}

TEST(ImdsProvider, DisabledIsAbsent) {
  ImdsOptions options;
  options.disabled = true;
  EXPECT_EQ(shown(ImdsProvider({}, options).credentials(kUncancelled)),
            "absent: AWS_EC2_METADATA_DISABLED is true");
}

TEST(ImdsProvider, CredentialsThatExpireSoonAreUsedOn) {
  const FakeImds imds(serving(ok(keys("2026-03-01T10:00:00Z"))));
  const struct {
    minutes beforeExpiry;
    bool extended;
    int warnings;
  } cases[] = {{minutes(26), false, 0}, {minutes(16), true, 0},  {minutes(1), true, 0},
               {minutes(0), true, 1},   {minutes(-60), true, 1}, {minutes(-6000), true, 1}};
  for (const auto& c : cases) {
    const UnixTime now = at("2026-03-01T10:00:00Z") - c.beforeExpiry;
    const test::FakeClock clock(now);
    const test::LogCapture log;
    ImdsProvider provider({}, optionsFor(imds), clock);
    for (int i = 0; i < 3; ++i) {
      const auto found = provider.credentials(kUncancelled);
      ASSERT_TRUE(found.ok());
      EXPECT_EQ(found->secretKey, "key");
      if (c.extended) {
        EXPECT_GE(*found->expires, now + minutes(17));
        EXPECT_LE(*found->expires, now + minutes(25));
      } else {
        EXPECT_EQ(*found->expires, at("2026-03-01T10:00:00Z"));
      }
    }
    const std::string text = log.text();
    const std::string warning =
        "the EC2 metadata service hands out credentials that have expired; they are used on until "
        "it has others\n";
    const size_t first = text.find(warning);
    EXPECT_EQ(first != std::string::npos, c.warnings == 1);
    EXPECT_EQ(first == std::string::npos ? first : text.find(warning, first + 1),
              std::string::npos);
  }
}

TEST(ImdsProvider, OnceItHasGivenSomeItIsNotTakenForAbsent) {
  const test::FakeClock clock(at("2026-03-01T08:00:00Z"));
  auto imds = std::make_unique<FakeImds>(serving(ok(keys("2026-03-01T10:00:00Z"))));
  ImdsProvider provider({}, optionsFor(*imds), clock);
  ASSERT_TRUE(provider.credentials(kUncancelled).ok());
  imds.reset();
  const auto found = provider.credentials(kUncancelled);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().kind, ErrorKind::kOpenRead);
  EXPECT_EQ(found.error().message.substr(0, 24), "no EC2 metadata service:");
}

TEST(ImdsProvider, LogsNoSecrets) {
  const test::LogCapture log;
  const FakeImds imds(
      {{kTokenPut, ok("topsecret-token")},
       {kRoles, ok("my+role=,.@-_1")},
       {kRole, ok(R"({"AccessKeyId":"i","SecretAccessKey":"topsecret-k","Token":"topsecret-t",)"
                  R"("Expiration":"2026-03-01T10:00:00Z"})")}});
  EXPECT_TRUE(ImdsProvider({}, optionsFor(imds)).credentials(kUncancelled).ok());
  EXPECT_NE(log.text().find("PUT /latest/api/token"), std::string::npos) << log.text();
  EXPECT_EQ(log.text().find("topsecret"), std::string::npos) << log.text();
}

}  // namespace
}  // namespace kvsarchive::aws
