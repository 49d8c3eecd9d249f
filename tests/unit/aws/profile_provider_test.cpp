// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/profile_provider.h"

#include <gtest/gtest.h>

#include "show.h"
#include "sts_answers.h"
#include "support/aws_home.h"
#include "support/fake_http_server.h"

namespace kvsarchive::aws {
namespace {

using test::answer;
using test::AwsHome;
using test::FakeHttpServer;
using test::ReceivedRequest;
using test::ScopedEnv;
using test::ServerConnection;

class FixedProvider : public CredentialsProvider {
 public:
  explicit FixedProvider(Result<Credentials> result) : result_(std::move(result)) {}
  const char* name() const override { return "fixed"; }
  Result<Credentials> credentials(const CancelToken&) override { return result_; }

 private:
  const Result<Credentials> result_;
};

/// The value of a parameter of a form, as it is on the wire.
std::string parameter(const std::string& form, const std::string& name) {
  const size_t start = form.find("&" + name + "=");
  if (start == std::string::npos) {
    return {};
  }
  const size_t text = start + name.size() + 2;
  return form.substr(text, form.find('&', text) - text);
}

/// An STS that gives keys named by the role, "<role>-id", and an SSO portal.
void serve(const ReceivedRequest& request, ServerConnection& connection) {
  if (request.target.find("/federation/credentials") == 0) {
    connection.write(answer(200, {},
                            R"({"roleCredentials":{"accessKeyId":"SSO-id","secretAccessKey":"s",)"
                            R"("sessionToken":"t","expiration":1772362800000}})"));
    return;
  }
  const std::string role = parameter(request.body, "RoleArn");
  if (role == "denied") {
    connection.write(answer(403, {}, stsError("AccessDenied", "no")));
    return;
  }
  const std::string operation =
      request.body.substr(7, request.body.find('&') - 7);  // behind "Action="
  connection.write(answer(200, {}, stsAnswer(operation, role + "-id")));
}

class ProfileProviderTest : public testing::Test {
 protected:
  std::string ask(const std::string& config, const std::string& credentials,
                  const ProfileName& name = {"p", "profile"}) {
    const AwsHome home(config, credentials);
    home.write("token", "web-token");
    home.write(
        // SHA-1 of "s"
        ".aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json",
        R"({"accessToken":"sso-token","expiresAt":"2199-01-01T00:00:00Z"})");
    const ScopedEnv sts("AWS_ENDPOINT_URL_STS", server_.url().c_str());
    const ScopedEnv sso("AWS_ENDPOINT_URL_SSO", server_.url().c_str());
    ServiceAccess access;
    access.region = "eu-west-1";
    access.attempts.pause = std::chrono::milliseconds(1);
    const NamedProviders named{environment_, ec2_, ecs_};
    return showCredentials(ProfileProvider(access, name, named).credentials(cancel_));
  }

  /// "<signer> in <region> asks for <role>; " of all requests to STS.
  std::string asked() const {
    std::string all;
    for (const ReceivedRequest& request : server_.requests()) {
      const std::string authorization = request.header("Authorization");
      const std::string start = "AWS4-HMAC-SHA256 Credential=";
      std::string signer = "nobody";
      if (authorization.find(start) == 0) {
        const std::string scope =
            authorization.substr(start.size(), authorization.find(',') - start.size());
        const size_t slash = scope.find('/');
        signer = scope.substr(0, slash) + " in " + scope.substr(slash + 10);
      }
      all += signer + " asks for " + parameter(request.body, "RoleArn") + "; ";
    }
    return all;
  }

  FakeHttpServer server_{serve};
  CancelToken cancel_;
  std::shared_ptr<CredentialsProvider> environment_ =
      std::make_shared<FixedProvider>(Credentials("ENV-id", "s", ""));
  std::shared_ptr<CredentialsProvider> ec2_ =
      std::make_shared<FixedProvider>(Credentials("EC2-id", "s", "t"));
  std::shared_ptr<CredentialsProvider> ecs_ =
      std::make_shared<FixedProvider>(Credentials("ECS-id", "s", "t"));
};

constexpr const char* kExpiry = " 2026-03-01T11:00:00.000Z";

TEST_F(ProfileProviderTest, KeysNeedNoNetwork) {
  EXPECT_EQ(ask("", "[p]\naws_access_key_id=ID\naws_secret_access_key=s\n"), "ID/s/");
  EXPECT_EQ(asked(), "");
}

TEST_F(ProfileProviderTest, RolesAreAssumedOneAfterTheOther) {
  EXPECT_EQ(ask("[profile p]\nrole_arn=third\nsource_profile=q\nregion=us-west-2\n"
                "[profile q]\nrole_arn=second\nsource_profile=r\n"
                "[profile r]\nrole_arn=first\nsource_profile=base\nregion=eu-north-1\n",
                "[base]\naws_access_key_id=ID\naws_secret_access_key=s\n"),
            std::string("third-id/secret-of-third-id/token-of-third-id") + kExpiry);
  EXPECT_EQ(asked(),
            "ID in eu-west-1/sts/aws4_request asks for first; "
            "first-id in eu-west-1/sts/aws4_request asks for second; "
            "second-id in eu-west-1/sts/aws4_request asks for third; ");
  EXPECT_EQ(server_.requests().at(1).header("X-Amz-Security-Token"), "token-of-first-id");
}

TEST_F(ProfileProviderTest, NamedSources) {
  const std::string config = "[profile p]\nrole_arn=R\ncredential_source=";
  const std::string role = std::string("R-id/secret-of-R-id/token-of-R-id") + kExpiry;
  EXPECT_EQ(ask(config + "Environment\n", ""), role);
  EXPECT_EQ(ask(config + "Ec2InstanceMetadata\n", ""), role);
  EXPECT_EQ(ask(config + "EcsContainer\n", ""), role);
  EXPECT_EQ(asked(),
            "ENV-id in eu-west-1/sts/aws4_request asks for R; "
            "EC2-id in eu-west-1/sts/aws4_request asks for R; "
            "ECS-id in eu-west-1/sts/aws4_request asks for R; ");
}

TEST_F(ProfileProviderTest, ANamedSourceWithoutCredentialsEndsTheSearch) {
  const std::string config = "[profile p]\nrole_arn=R\ncredential_source=Environment\n";
  environment_ = std::make_shared<FixedProvider>(makeError(ErrorKind::kAbsent, "X is not set"));
  EXPECT_EQ(ask(config, ""),
            "unauthorized: profile \"p\": its credential_source has none: X is not set");
  environment_ = std::make_shared<FixedProvider>(makeError(ErrorKind::kSettings, "half"));
  EXPECT_EQ(ask(config, ""), "settings: profile \"p\": half");
  EXPECT_EQ(asked(), "");
}

TEST_F(ProfileProviderTest, WebIdentitySsoAndProcessAsSources) {
  EXPECT_EQ(ask("[profile p]\nrole_arn=R\nsource_profile=q\n"
                "[profile q]\nrole_arn=W\nweb_identity_token_file=~/token\n",
                ""),
            std::string("R-id/secret-of-R-id/token-of-R-id") + kExpiry);
  EXPECT_EQ(ask("[profile p]\nrole_arn=R\nsource_profile=q\n"
                "[profile q]\nsso_session=s\nsso_account_id=1\nsso_role_name=N\n"
                "[sso-session s]\nsso_start_url=U\nsso_region=eu-west-1\n",
                ""),
            std::string("R-id/secret-of-R-id/token-of-R-id") + kExpiry);
  EXPECT_EQ(ask("[profile p]\nrole_arn=R\nsource_profile=q\n"
                "[profile q]\ncredential_process=echo "
                "'{\"Version\":1,\"AccessKeyId\":\"RUN-id\",\"SecretAccessKey\":\"s\"}'\n",
                ""),
            std::string("R-id/secret-of-R-id/token-of-R-id") + kExpiry);
  EXPECT_EQ(asked(),
            "nobody asks for W; W-id in eu-west-1/sts/aws4_request asks for R; "
            "nobody asks for ; SSO-id in eu-west-1/sts/aws4_request asks for R; "
            "RUN-id in eu-west-1/sts/aws4_request asks for R; ");
}

TEST_F(ProfileProviderTest, ErrorsSayWhichProfileItIs) {
  const std::string base = "[base]\naws_access_key_id=ID\naws_secret_access_key=hidden\n";
  const std::string chain = "[profile p]\nrole_arn=R\nsource_profile=q\n[profile q]\n";
  struct Case {
    std::string config, expected;
  };
  for (const Case& c : {
           Case{chain + "role_arn=denied\nsource_profile=base\n",
                "unauthorized: profile \"q\": STS answers with HTTP status 403 and AccessDenied: "
                "no"},
           Case{chain + "role_arn=W\nweb_identity_token_file=/nowhere\n",
                "settings: profile \"q\": the web identity token: \"/nowhere\" does not exist"},
           Case{chain + "sso_start_url=U\nsso_account_id=1\nsso_role_name=N\nsso_region=a.b/\n",
                "settings: profile \"q\": \"a.b/\" (sso_region) is not an AWS region such as "
                "eu-west-1"},
           Case{chain + "sso_start_url=U\nsso_account_id=1\nsso_role_name=N\nsso_region=r\n",
                "unauthorized: profile \"q\": there is no SSO login yet: run aws sso login "
                "--profile \"q\""},
           Case{
               "[profile p]\nrole_arn=R\nsource_profile=base\nsts_regional_endpoints=x\n",
               "settings: profile \"p\": sts_regional_endpoints in the AWS profile is \"x\", which "
               "is neither regional nor legacy"},
       }) {
    EXPECT_EQ(ask(c.config, base), c.expected) << c.config;
  }
}

TEST_F(ProfileProviderTest, NothingThere) {
  EXPECT_EQ(ask("", "", {"default", ""}), "absent: profile \"default\" has no credentials");
  EXPECT_EQ(ask("", ""),
            "settings: the AWS profile \"p\" (profile) is neither in the config file nor in the "
            "credentials file");
}

TEST_F(ProfileProviderTest, Cancelled) {
  cancel_.cancel();
  EXPECT_EQ(ask("[profile p]\nrole_arn=R\ncredential_source=Environment\n", ""),
            "cancelled: cancelled");
}

TEST_F(ProfileProviderTest, FilesAreReadAnewEachTime) {
  const AwsHome home("", "[p]\naws_access_key_id=A\naws_secret_access_key=s\n");
  ProfileProvider provider(ServiceAccess(), {"p", "profile"}, {environment_, ec2_, ecs_});
  EXPECT_EQ(showCredentials(provider.credentials(cancel_)), "A/s/");
  home.write(".aws/credentials", "[p]\naws_access_key_id=B\naws_secret_access_key=s\n");
  EXPECT_EQ(showCredentials(provider.credentials(cancel_)), "B/s/");
}

}  // namespace
}  // namespace kvsarchive::aws
