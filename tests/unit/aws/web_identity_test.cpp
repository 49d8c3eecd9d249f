// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "aws/web_identity_provider.h"
#include "show.h"
#include "sts_answers.h"
#include "support/aws_home.h"
#include "support/fake_http_server.h"

namespace kvsarchive::aws {
namespace {

using test::always;
using test::answer;
using test::AwsHome;
using test::FakeHttpServer;
using test::ScopedEnv;

const CancelToken kNever;

ServiceAccess access() {
  ServiceAccess access;
  access.region = "eu-west-1";
  access.attempts.pause = std::chrono::milliseconds(1);
  return access;
}

class WebIdentity : public testing::Test {
 protected:
  std::string ask(const char* tokenFile, const char* role, const char* session = nullptr,
                  const ProfileName& profile = {"default", ""}) {
    const ScopedEnv fileVariable("AWS_WEB_IDENTITY_TOKEN_FILE", tokenFile);
    const ScopedEnv roleVariable("AWS_ROLE_ARN", role);
    const ScopedEnv sessionVariable("AWS_ROLE_SESSION_NAME", session);
    return showCredentials(WebIdentityProvider(access(), profile).credentials(kNever));
  }

  const AwsHome home_{"[default]\n", ""};
  FakeHttpServer server_{always(answer(200, {}, stsAnswer("AssumeRoleWithWebIdentity", "WEB")))};
  const ScopedEnv endpoint_{"AWS_ENDPOINT_URL_STS", server_.url().c_str()};
};

TEST_F(WebIdentity, TheTokenFileIsReadEachTime) {
  const std::string file = home_.path("token");
  const std::string good = "WEB/secret-of-WEB/token-of-WEB 2026-03-01T11:00:00.000Z";
  home_.write("token", "first");
  EXPECT_EQ(ask(file.c_str(), "ROLE", "me"), good);
  home_.write("token", " second\r\n ");
  EXPECT_EQ(ask("~/token", "ROLE", "me"), good);
  const auto requests = server_.requests();
  ASSERT_EQ(requests.size(), 2U);
  const std::string start =
      "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=ROLE&RoleSessionName=me"
      "&WebIdentityToken=";
  EXPECT_EQ(requests[0].body, start + "first");
  EXPECT_EQ(requests[1].body, start + "%20second");
}

TEST_F(WebIdentity, WhatIsNotSetUp) {
  const std::string file = home_.path("token");
  const std::string empty = home_.path("empty");
  const std::string big = home_.path("big");
  home_.write("token", "token");
  home_.write("empty", " \n");
  home_.write("big", std::string((64 << 10) + 1, 't'));
  EXPECT_EQ(ask(nullptr, nullptr), "absent: AWS_WEB_IDENTITY_TOKEN_FILE is not set");
  EXPECT_EQ(ask("", "ROLE"), "absent: AWS_WEB_IDENTITY_TOKEN_FILE is not set");
  EXPECT_EQ(ask(file.c_str(), nullptr),
            "settings: AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not");
  EXPECT_EQ(ask("/nowhere/token", "ROLE"),
            "settings: the web identity token: \"/nowhere/token\" does not exist");
  EXPECT_EQ(ask(empty.c_str(), "ROLE"),
            "settings: the web identity token file \"" + empty + "\" is empty");
  EXPECT_EQ(ask(big.c_str(), "ROLE"), "settings: the web identity token: \"" + big +
                                          "\" can't be read: it has more than 65536 bytes");
  EXPECT_EQ(ask(file.c_str(), "ROLE", nullptr, {"none", "AWS_PROFILE"}),
            "settings: the AWS profile \"none\" (AWS_PROFILE) is neither in the config file nor in "
            "the credentials file");
  {
    const ScopedEnv legacy("AWS_STS_REGIONAL_ENDPOINTS", "global");
    EXPECT_EQ(ask(file.c_str(), "ROLE"),
              "settings: AWS_STS_REGIONAL_ENDPOINTS is \"global\", which is neither regional nor "
              "legacy");
  }
  EXPECT_EQ(server_.requests().size(), 0U);
}

}  // namespace
}  // namespace kvsarchive::aws
