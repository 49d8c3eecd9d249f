// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/aws_sources.h"

#include <gtest/gtest.h>

#include "support/test_certificates.h"
#include "unit/aws/fake_imds.h"
#include "unit/aws/sts_answers.h"

namespace kvsarchive::test {
namespace {

constexpr const char* kForever = "2100-01-01T00:00:00Z";

void setRegion(GstElement* element) { g_object_set(element, "aws-region", kRegion, nullptr); }

std::string keysOfProfile(const std::string& profile, const std::string& id) {
  const bool isLongTerm = id.rfind("AKID", 0) == 0;
  return "[" + profile + "]\naws_access_key_id = " + id +
         "\naws_secret_access_key = " + secretOf(id) + "\n" +
         (isLongTerm ? "" : "aws_session_token = " + tokenOf(id) + "\n");
}

/// The region is the profile's as well.
void setUpProfile(AwsScene& scene, GstElement* element) {
  scene.writeConfig(std::string("[profile cameras]\nregion = ") + kRegion + "\n");
  scene.writeCredentials(keysOfProfile("default", "AKIDOTHER") +
                         keysOfProfile("cameras", kGivenKey));
  scene.setVariable("AWS_ACCESS_KEY_ID", "AKIDOTHER");  // who sets the property means it
  scene.setVariable("AWS_SECRET_ACCESS_KEY", secretOf("AKIDOTHER"));
  scene.secrets.push_back(secretOf("AKIDOTHER"));
  g_object_set(element, "profile", "cameras", nullptr);
}

void setUpProfileOfEnvironment(AwsScene& scene, GstElement*) {
  scene.writeConfig(std::string("[profile cameras]\nregion = ") + kRegion + "\n");
  scene.writeCredentials(keysOfProfile("cameras", kGivenKey));
  scene.setVariable("AWS_PROFILE", "cameras");
}

void setUpEnvironment(AwsScene& scene, GstElement*) {
  scene.setVariable("AWS_ACCESS_KEY_ID", kGivenKey);
  scene.setVariable("AWS_SECRET_ACCESS_KEY", secretOf(kGivenKey));
  scene.setVariable("AWS_SESSION_TOKEN", tokenOf(kGivenKey));
  scene.setVariable("AWS_REGION", kRegion);
}

void setUpRoleChain(AwsScene& scene, GstElement* element) {
  setRegion(element);
  scene.writeConfig(R"([profile reader]
role_arn = arn:aws:iam::123456789012:role/reader
external_id = guess-who
source_profile = middle
[profile middle]
role_arn = arn:aws:iam::123456789012:role/middle
source_profile = base
)");
  scene.writeCredentials(keysOfProfile("base", "AKIDBASE"));
  const FakeHttpServer& sts =
      scene.serve([](const ReceivedRequest& request, ServerConnection& connection) {
        const bool isReader = request.body.find("role%2Freader") != std::string::npos;
        const char* const id = isReader ? kGivenKey : "ASIAMIDDLE";
        connection.write(answer(200, {}, aws::stsAnswer("AssumeRole", id, kForever)));
      });
  scene.setVariable("AWS_ENDPOINT_URL_STS", sts.url());
  scene.secrets.insert(scene.secrets.end(),
                       {secretOf("AKIDBASE"), secretOf("ASIAMIDDLE"), tokenOf("ASIAMIDDLE")});
  scene.check = [&sts] {
    const auto requests = sts.requests();
    ASSERT_EQ(requests.size(), 2U);
    for (const auto& [request, signer, token] :
         {std::tuple(requests[0], "Credential=AKIDBASE/", std::string()),
          std::tuple(requests[1], "Credential=ASIAMIDDLE/", tokenOf("ASIAMIDDLE"))}) {
      EXPECT_NE(request.header("Authorization").find(signer), std::string::npos);
      EXPECT_EQ(request.header("X-Amz-Security-Token"), token);
    }
    EXPECT_EQ(requests[0].body.find("guess-who"), std::string::npos);
    EXPECT_NE(requests[1].body.find("ExternalId=guess-who"), std::string::npos);
  };
  g_object_set(element, "profile", "reader", nullptr);
}

void setUpWebIdentity(AwsScene& scene, GstElement* element) {
  setRegion(element);
  const FakeHttpServer& sts = scene.serve(
      always(answer(200, {}, aws::stsAnswer("AssumeRoleWithWebIdentity", kGivenKey, kForever))));
  scene.setVariable("AWS_ENDPOINT_URL_STS", sts.url());
  scene.setVariable("AWS_WEB_IDENTITY_TOKEN_FILE", scene.file("token.of.the-pod"));
  scene.setVariable("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/pod");
  scene.secrets.emplace_back("token.of.the-pod");
  scene.check = [&sts] {
    const auto requests = sts.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0].header("Authorization"), "");
    EXPECT_NE(requests[0].body.find("WebIdentityToken=token.of.the-pod"), std::string::npos);
  };
}

void setUpSso(AwsScene& scene, GstElement* element) {
  setRegion(element);
  scene.writeConfig(R"([default]
sso_session = my-session
sso_account_id = 123456789012
sso_role_name = Reader
[sso-session my-session]
sso_start_url = https://d-1.awsapps.com/start
sso_region = us-east-2
)");
  scene.home().write(".aws/sso/cache/9e28173066ce536e277c5fb355efd9c64f398167.json",  // SHA-1
                     R"({"accessToken": "token-of-the-login",
                         "expiresAt": "2100-01-01T00:00:00Z"})");
  const FakeHttpServer& portal = scene.serve(always(
      answer(200, {},
             std::string(R"({"roleCredentials": {"accessKeyId": ")") + kGivenKey +
                 R"(", "secretAccessKey": ")" + secretOf(kGivenKey) + R"(", "sessionToken": ")" +
                 tokenOf(kGivenKey) + R"(", "expiration": 4102444800000}})")));
  scene.setVariable("AWS_ENDPOINT_URL_SSO", portal.url());
  scene.secrets.emplace_back("token-of-the-login");
  scene.check = [&portal] {
    const auto requests = portal.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0].target,
              "/federation/credentials?role_name=Reader&account_id=123456789012");
    EXPECT_EQ(requests[0].header("x-amz-sso_bearer_token"), "token-of-the-login");
  };
}

/// The program tells what it is called with, and that is what the profile says.
void setUpProcess(AwsScene& scene, GstElement* element) {
  setRegion(element);
  const std::string told = scene.home().path("told");
  const std::string script = scene.file("tr '\\0' ' ' </proc/$$/cmdline >" + told +
                                        "\ncat <<'EOT'\n" + keysJson(kGivenKey) + "\nEOT\n");
  const std::string command = "/bin/sh " + script + " --role reader";
  scene.writeConfig("[default]\ncredential_process = " + command + "\n");
  scene.check = [&scene, command] { EXPECT_EQ(scene.home().read("told"), command + " "); };
}

void setUpContainer(AwsScene& scene, GstElement* element) {
  setRegion(element);
  const FakeHttpServer& server = scene.serve(always(answer(200, {}, keysJson(kGivenKey))));
  scene.setVariable("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/v1/credentials");
  scene.setVariable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", scene.file("token-of-the-task"));
  scene.secrets.emplace_back("token-of-the-task");
  scene.check = [&server] {
    const auto requests = server.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0].method + " " + requests[0].target, "GET /v1/credentials");
    EXPECT_EQ(requests[0].header("Authorization"), "token-of-the-task");
  };
}

/// The region is the instance's as well.
void setUpInstance(AwsScene& scene, GstElement*) {
  const FakeHttpServer& imds =
      scene.serve([](const ReceivedRequest& request, ServerConnection& connection) {
        const std::map<std::string, std::string> answers = {
            {"PUT /latest/api/token", "token-of-the-instance"},
            {"GET /latest/meta-data/placement/region", kRegion},
            {"GET /latest/meta-data/iam/security-credentials/", "reader"},
            {"GET /latest/meta-data/iam/security-credentials/reader", keysJson(kGivenKey)}};
        const auto found = answers.find(request.method + " " + request.target);
        const bool isAllowed =
            request.method == "PUT" ||
            request.header("x-aws-ec2-metadata-token") == "token-of-the-instance";
        connection.write(found != answers.end() && isAllowed ? answer(200, {}, found->second)
                                                             : answer(404, {}, ""));
      });
  scene.setMetadataService(imds.url());
  scene.secrets.emplace_back("token-of-the-instance");
  scene.check = [&imds] {
    std::string asked;
    for (const ReceivedRequest& request : imds.requests()) {
      asked += request.method + " " + request.target + "\n";
    }
    EXPECT_EQ(asked,
              "PUT /latest/api/token\n"
              "GET /latest/meta-data/placement/region\n"
              "PUT /latest/api/token\n"
              "GET /latest/meta-data/iam/security-credentials/\n"
              "GET /latest/meta-data/iam/security-credentials/reader\n");
  };
}

void setUpDevice(AwsScene& scene, GstElement* element) {
  setRegion(element);
  const Certificate authority = makeAuthority();
  const Certificate devices = makeAuthority();
  const Certificate server = makeServerCertificate(authority, "IP:127.0.0.1");
  const Certificate device = makeClientCertificate(devices, "device-1");
  const FakeHttpServer& iot =
      scene.serveTls(always(answer(200, {},
                                   std::string(R"({"credentials": {"accessKeyId": ")") + kGivenKey +
                                       R"(", "secretAccessKey": ")" + secretOf(kGivenKey) +
                                       R"(", "sessionToken": ")" + tokenOf(kGivenKey) +
                                       R"(", "expiration": ")" + kForever + "\"}}")),
                     server.certificatePem, server.keyPem, devices.certificatePem);
  GstStructure* structure =
      gst_structure_new("iot-certificate", "endpoint", G_TYPE_STRING, iot.url().substr(8).c_str(),
                        "cert-path", G_TYPE_STRING, scene.file(device.certificatePem).c_str(),
                        "key-path", G_TYPE_STRING, scene.file(device.keyPem).c_str(), "ca-path",
                        G_TYPE_STRING, scene.file(authority.certificatePem).c_str(), "role-aliases",
                        G_TYPE_STRING, "reader", nullptr);
  g_object_set(element, "iot-certificate", structure, nullptr);
  gst_structure_free(structure);
  const size_t middle = device.keyPem.size() / 2;
  scene.secrets.push_back(device.keyPem.substr(middle, 20));
  scene.check = [&iot] {
    const auto requests = iot.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0].target, "/role-aliases/reader/credentials");
    EXPECT_EQ(requests[0].header("x-amzn-iot-thingname"), "cam1");
    EXPECT_EQ(requests[0].clientName, "device-1");
  };
}

void setUpCredentialPath(AwsScene& scene, GstElement* element) {
  setRegion(element);
  scene.setVariable("AWS_ACCESS_KEY_ID", "AKIDOTHER");
  scene.setVariable("AWS_SECRET_ACCESS_KEY", secretOf("AKIDOTHER"));
  scene.secrets.push_back(secretOf("AKIDOTHER"));
  const std::string path = scene.file(std::string("CREDENTIALS\t") + kGivenKey + " " + kForever +
                                      " " + secretOf(kGivenKey) + " " + tokenOf(kGivenKey));
  g_object_set(element, "credential-path", path.c_str(), nullptr);
}

}  // namespace

const std::vector<AwsSource>& awsSources() {
  static const std::vector<AwsSource> sources = {
      {"profile", setUpProfile},
      {"AWS_PROFILE", setUpProfileOfEnvironment},
      {"environment", setUpEnvironment},
      {"role chain", setUpRoleChain},
      {"web identity", setUpWebIdentity},
      {"SSO", setUpSso},
      {"credential_process", setUpProcess},
      {"container", setUpContainer},
      {"EC2 instance", setUpInstance},
      {"IoT device", setUpDevice},
      {"credential-path", setUpCredentialPath},
  };
  return sources;
}

}  // namespace kvsarchive::test
