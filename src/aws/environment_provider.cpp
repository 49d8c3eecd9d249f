// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/environment_provider.h"

#include "aws/environment.h"
#include "base/iso8601.h"

namespace kvsarchive::aws {
namespace {

constexpr const char* kId = "AWS_ACCESS_KEY_ID";
constexpr const char* kSecret = "AWS_SECRET_ACCESS_KEY";
constexpr const char* kExpiration = "AWS_CREDENTIAL_EXPIRATION";

Error halfSet(const std::string& set, const std::string& missing) {
  return makeError(ErrorKind::kSettings, set + " is set, but " + missing + " is not");
}

}  // namespace

Result<Credentials> EnvironmentProvider::credentials(const CancelToken&) {
  std::string token = environmentVariable("AWS_SESSION_TOKEN");
  if (token.empty()) {
    token = environmentVariable("AWS_SECURITY_TOKEN");
  }
  Credentials found(environmentVariable(kId), environmentVariable(kSecret), std::move(token));
  if (found.accessKeyId.empty() && found.secretKey.empty()) {
    return makeError(ErrorKind::kAbsent, std::string(kId) + " and " + kSecret + " are not set");
  }
  if (found.secretKey.empty()) {
    return halfSet(kId, kSecret);
  }
  if (found.accessKeyId.empty()) {
    return halfSet(kSecret, kId);
  }
  const std::string expiration = environmentVariable(kExpiration);
  if (!expiration.empty()) {
    const auto expires = parseIso8601(expiration);
    if (!expires) {
      return makeError(ErrorKind::kSettings,
                       std::string(kExpiration) + ": " + expires.error().message);
    }
    found.expires = *expires;
  }
  return found;
}

}  // namespace kvsarchive::aws
