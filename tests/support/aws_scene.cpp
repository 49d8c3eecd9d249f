// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/aws_scene.h"

namespace kvsarchive::test {
namespace {

/// All that AwsHome leaves as it is.
constexpr const char* kVariables[] = {
    "ALL_PROXY",
    "AWS_ACCESS_KEY_ID",
    "AWS_CA_BUNDLE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULT_PROFILE",
    "AWS_DEFAULT_REGION",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_EC2_METADATA_V1_DISABLED",
    "AWS_ENDPOINT_URL_KINESIS_VIDEO",
    "AWS_MAX_ATTEMPTS",
    "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
    "AWS_METADATA_SERVICE_TIMEOUT",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
    "HTTPS_PROXY",
    "NO_PROXY",
    "all_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
};

}  // namespace

std::string secretOf(const std::string& id) { return "secret-of-" + id; }
std::string tokenOf(const std::string& id) { return "token-of-" + id; }

std::string accepted(const std::vector<std::string>& ids) {
  std::string list;
  for (const std::string& id : ids) {
    list += std::string(list.empty() ? "" : ", ") + R"({"access-key": ")" + id +
            R"(", "secret-key": ")" + secretOf(id) + '"';
    list += id.rfind("AKID", 0) == 0 ? "}" : R"(, "session-token": ")" + tokenOf(id) + "\"}";
  }
  return R"({"credentials": [)" + list + "]}";
}

std::string keysJson(const std::string& id, const std::string& expiration) {
  const std::string token =
      id.rfind("AKID", 0) == 0
          ? ""
          : R"(, "Token": ")" + tokenOf(id) + R"(", "SessionToken": ")" + tokenOf(id) + '"';
  return R"({"Code": "Success", "Version": 1, "AccessKeyId": ")" + id +
         R"(", "SecretAccessKey": ")" + secretOf(id) + '"' + token + R"(, "Expiration": ")" +
         expiration + "\"}";
}

AwsScene::AwsScene() {
  for (const char* name : kVariables) {
    setVariable(name, nullptr);
  }
  setVariable("AWS_EC2_METADATA_DISABLED", "true");
}

/// The last change is undone first.
AwsScene::~AwsScene() {
  while (!variables_.empty()) {
    variables_.pop_back();
  }
}

void AwsScene::setVariable(const char* name, const char* value) {
  variables_.emplace_back(name, value);
}

void AwsScene::setMetadataService(const std::string& url) {
  setVariable("AWS_EC2_METADATA_SERVICE_ENDPOINT", url);
  setVariable("AWS_EC2_METADATA_DISABLED", nullptr);
}

FakeHttpServer& AwsScene::serve(Handler handler) {
  return servers_.emplace_back(std::move(handler));
}

FakeHttpServer& AwsScene::serveTls(Handler handler, const std::string& certificate,
                                   const std::string& key, const std::string& clientAuthority) {
  return servers_.emplace_back(std::move(handler), certificate, key, clientAuthority);
}

std::string AwsScene::file(const std::string& content) {
  return files_.emplace_back(content).path();
}

}  // namespace kvsarchive::test
