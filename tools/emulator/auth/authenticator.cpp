// SPDX-License-Identifier: LGPL-2.1-or-later
#include "auth/authenticator.h"

#include <algorithm>

#include "auth/signature.h"
#include "base/digest.h"
#include "base/wall_clock.h"

namespace kvsemulator {
namespace {

constexpr int64_t kToleranceMs = 300'000;
constexpr const char* kService = "kinesisvideo";

ApiError badSignature(const std::string& message) {
  return authError(403, "InvalidSignatureException", message).error;
}

ApiError badToken() {
  return authError(403, "UnrecognizedClientException",
                   "The security token included in the request is invalid.")
      .error;
}

std::optional<ApiError> checkDate(const std::string& date, int64_t nowMs) {
  const auto signedMs = parseBasic(date);
  if (!signedMs) {
    return authError(400, "IncompleteSignatureException",
                     "Date must be in ISO-8601 'basic format'. Got '" + date + "'.")
        .error;
  }
  if (*signedMs < nowMs - kToleranceMs) {
    return badSignature("Signature expired: " + date + " is now earlier than " +
                        formatBasic(nowMs - kToleranceMs) + " (" + formatBasic(nowMs) +
                        " - 5 min.)");
  }
  if (*signedMs > nowMs + kToleranceMs) {
    return badSignature("Signature not yet current: " + date + " is still later than " +
                        formatBasic(nowMs + kToleranceMs) + " (" + formatBasic(nowMs) +
                        " + 5 min.)");
  }
  return std::nullopt;
}

bool isSigned(const Authorization& authorization, const char* header) {
  const auto& names = authorization.signedHeaders;
  return std::find(names.begin(), names.end(), header) != names.end();
}

}  // namespace

std::optional<ApiError> Authenticator::check(const Request& request, int64_t nowMs) const {
  const auto header = request.header("authorization");
  if (!header) {
    return authError(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
        .error;
  }
  auto authorization = parseAuthorization(*header);
  if (!authorization) {
    return authorization.error();
  }
  const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const KeySet& candidate) {
    return candidate.accessKey == authorization->accessKey;
  });
  if (key == keys_.end()) {
    return badToken();
  }
  if (auto error = checkToken(*key, request, nowMs)) {
    return error;
  }
  if (!isSigned(*authorization, "host") || !isSigned(*authorization, "x-amz-date")) {
    return badSignature(
        "'Host' and 'X-Amz-Date' must be 'SignedHeader's in "
        "the AWS Authorization.");
  }
  const std::string date = request.header("x-amz-date").value_or("");
  if (auto error = checkDate(date, nowMs)) {
    return error;
  }
  if (auto error = checkScope(*authorization, date)) {
    return error;
  }
  const std::string expected = signatureOf(canonicalRequest(request, authorization->signedHeaders),
                                           key->secretKey, authorization->scope(), date);
  if (!equalConstantTime(expected, authorization->signature)) {
    return badSignature(
        "The request signature we calculated does not match "
        "the signature you provided. Check "
        "your AWS Secret Access Key and signing method. "
        "Consult the service documentation for "
        "details.");
  }
  return std::nullopt;
}

std::optional<ApiError> Authenticator::checkToken(const KeySet& key, const Request& request,
                                                  int64_t nowMs) const {
  const std::string token = request.header("x-amz-security-token").value_or("");
  if (!equalConstantTime(token, key.sessionToken)) {
    return badToken();
  }
  if (key.expirationMs && *key.expirationMs <= nowMs) {
    return expiredToken().error;
  }
  return std::nullopt;
}

std::optional<ApiError> Authenticator::checkScope(const Authorization& authorization,
                                                  const std::string& date) const {
  if (authorization.date != date.substr(0, 8)) {
    return badSignature(
        "Date in Credential scope does not match YYYYMMDD from "
        "ISO-8601 version of date from "
        "HTTP: '" +
        authorization.date + "' != '" + date.substr(0, 8) + "', from '" + date + "'.");
  }
  if (!region_.empty() && authorization.region != region_) {
    return badSignature("Credential should be scoped to a valid region, not '" +
                        authorization.region + "'. ");
  }
  if (authorization.service != kService) {
    return badSignature("Credential should be scoped to correct service: '" +
                        std::string(kService) + "'. ");
  }
  if (authorization.terminator != "aws4_request") {
    return badSignature("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
  return std::nullopt;
}

}  // namespace kvsemulator
