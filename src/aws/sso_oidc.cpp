// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sso_oidc.h"

#include <algorithm>

#include "aws/credentials.h"
#include "aws/json_members.h"
#include "aws/redacted.h"
#include "base/json_document.h"

namespace kvsarchive::aws {
namespace {

constexpr int kOk = 200;
constexpr int kClientErrors = 400;
constexpr int kServerErrors = 500;
constexpr int kTooManyRequests = 429;
constexpr uint64_t kMaxSeconds = uint64_t{366} * 24 * 3600;

Error refusal(const http::Document& answer, const SsoToken& token) {
  const int status = answer.head.status;
  std::string code;
  const Result<JsonDocument> document = JsonDocument::parse(answer.text);
  if (document) {
    const Result<std::string> said = document->root().optionalString("error");
    code =
        said ? plainCode(*said, {token.accessToken, token.refreshToken, token.clientSecret}) : "";
  }
  const bool isRefused = status >= kClientErrors && status < kServerErrors;
  const ErrorKind kind = status == kTooManyRequests ? ErrorKind::kBusy
                         : isRefused                ? ErrorKind::kNotAuthorized
                                                    : ErrorKind::kOpenRead;
  Error error = makeError(kind, "the SSO token can't be renewed: HTTP status " +
                                    std::to_string(status) + (code.empty() ? "" : " and " + code));
  error.httpStatus = status;
  error.awsCode = code;
  error.recovery = usualRecovery(error.kind);
  return error;
}

Result<SsoToken> parseAnswer(const std::string& text, const SsoToken& old, UnixTime now) {
  const Error unusable =
      makeError(ErrorKind::kDecode, "the answer to the renewal of the SSO token is not usable");
  const Result<JsonDocument> document = JsonDocument::parse(text);
  if (!document) {
    return unusable;
  }
  Result<std::string> accessToken = document->root().string("accessToken");
  Result<std::string> refreshToken = document->root().optionalString("refreshToken");
  const Result<uint64_t> seconds = document->root().wholeNumber("expiresIn");
  SsoToken renewed;
  if (accessToken) {
    renewed.accessToken.swap(*accessToken);
  }
  if (refreshToken) {
    renewed.refreshToken.swap(*refreshToken);
  }
  if (renewed.accessToken.empty() || !seconds || *seconds == 0) {
    return unusable;
  }
  if (renewed.refreshToken.empty()) {
    renewed.refreshToken = old.refreshToken;
  }
  renewed.clientId = old.clientId;
  renewed.clientSecret = old.clientSecret;
  renewed.registrationExpires = old.registrationExpires;
  renewed.expires = now + std::chrono::seconds(std::min(*seconds, kMaxSeconds));
  return renewed;
}

}  // namespace

Result<SsoToken> renewSsoToken(const ServiceAccess& access, const std::string& endpoint,
                               const SsoToken& token, const CancelToken& cancel) {
  http::Request request;
  request.url = endpoint + "/token";
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  Result<std::string> body = withMembers("{}", {{"grantType", "refresh_token"},
                                                {"clientId", token.clientId},
                                                {"clientSecret", token.clientSecret},
                                                {"refreshToken", token.refreshToken}});
  if (!body) {
    return body.error();
  }
  request.body.swap(*body);
  const Result<http::Document> answer =
      http::fetchDocument(access.network, request, access.attempts, cancel);
  if (!answer) {
    return answer.error();
  }
  if (answer->head.status != kOk) {
    return refusal(*answer, token);
  }
  return parseAnswer(answer->text, token, access.clock->now());
}

}  // namespace kvsarchive::aws
