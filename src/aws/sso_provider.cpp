// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sso_provider.h"

#include <atomic>

#include "aws/percent_encoded.h"
#include "aws/redacted.h"
#include "aws/sso_oidc.h"
#include "base/json_document.h"
#include "base/log.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

constexpr std::chrono::minutes kRenewAhead{15};
constexpr std::chrono::milliseconds kLook{20};  ///< how often to look whether it is one's turn
constexpr std::chrono::seconds kOthersWrite{2};
constexpr int kOk = 200;

/// Elements of one process renew one after the other: a refresh token may be good only once.
class Turn {
 public:
  /// Waits for it, or for cancel.
  explicit Turn(const CancelToken& cancel) {
    while (!isMine_ && !cancel.isCancelled()) {
      isMine_ = !taken_.exchange(true);
      if (!isMine_) {
        cancel.sleepFor(kLook);
      }
    }
  }
  ~Turn() {
    if (isMine_) {
      taken_ = false;
    }
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  bool isMine() const { return isMine_; }

 private:
  static inline std::atomic<bool> taken_{false};
  bool isMine_ = false;
};

Result<Credentials> parseAnswer(const std::string& text) {
  const Result<JsonDocument> document = JsonDocument::parse(text);
  if (!document) {
    return makeError(ErrorKind::kDecode, "the SSO portal's answer is not valid JSON");
  }
  const auto keys = document->root().optionalObject("roleCredentials");
  if (!keys) {
    return keys.error();
  }
  if (!*keys) {
    return makeError(ErrorKind::kDecode, "roleCredentials in the SSO portal's answer is missing");
  }
  Result<std::string> id = (*keys)->string("accessKeyId");
  Result<std::string> secret = (*keys)->string("secretAccessKey");
  Result<std::string> token = (*keys)->string("sessionToken");
  const Result<uint64_t> expiration = (*keys)->wholeNumber("expiration");
  Credentials found(id ? std::move(*id) : "", secret ? std::move(*secret) : "",
                    token ? std::move(*token) : "");
  if (found.accessKeyId.empty() || found.secretKey.empty() || found.sessionToken.empty() ||
      !expiration || *expiration > uint64_t{kMaxUnixMillis}) {
    return makeError(ErrorKind::kDecode,
                     "roleCredentials in the SSO portal's answer are not complete");
  }
  found.expires = unixTimeFromMillis(static_cast<int64_t>(*expiration));
  return found;
}

}  // namespace

/// Another process may have had the same idea as this one, and a refresh token may be good only
/// once. Its token, as soon as that is in the cache.
std::optional<SsoToken> SsoProvider::othersToken(const SsoToken& old,
                                                 std::chrono::milliseconds patience,
                                                 const CancelToken& cancel) const {
  for (auto waited = kLook; waited <= patience; waited += kLook) {
    Result<SsoToken> kept = cache_.load(login_);
    if (kept && kept->accessToken != old.accessToken && kept->expires > access_.clock->now()) {
      return std::move(*kept);
    }
    if (waited < patience && !cancel.sleepFor(kLook)) {
      break;
    }
  }
  return std::nullopt;
}

Result<SsoToken> SsoProvider::renewed(SsoToken token, const CancelToken& cancel) const {
  Result<SsoToken> fresh = renewSsoToken(access_, endpoints_.oidc, token, cancel);
  if (fresh) {
    const Status stored = cache_.store(login_, *fresh);
    if (!stored) {
      log::write(log::Level::kWarning, log::Area::kAuth,
                 "the renewed SSO token is not kept: " + stored.error().message);
    }
    return fresh;
  }
  if (fresh.error().kind == ErrorKind::kCancelled) {
    return fresh;
  }
  const bool isRefused = fresh.error().kind == ErrorKind::kNotAuthorized;
  const bool isOver = token.expires <= access_.clock->now();
  if (auto others = othersToken(token, isRefused && isOver ? kOthersWrite : kLook, cancel)) {
    return std::move(*others);
  }
  if (cancel.isCancelled()) {
    return cancelledError();
  }
  log::write(log::Level::kWarning, log::Area::kAuth, fresh.error().message);
  if (!isOver) {
    return token;
  }
  return isRefused ? loginNeeded(login_, "the SSO login has expired") : fresh.error();
}

Result<SsoToken> SsoProvider::validToken(const CancelToken& cancel) const {
  Result<SsoToken> token = cache_.load(login_);
  if (!token) {
    return token;
  }
  const UnixTime now = access_.clock->now();
  const auto isDue = [&](const SsoToken& t) {
    return !login_.session.empty() && t.expires < now + kRenewAhead && t.isRenewable(now);
  };
  if (isDue(*token)) {
    const Turn turn(cancel);
    if (!turn.isMine()) {
      return cancelledError();
    }
    token = cache_.load(login_);  // which somebody may have renewed meanwhile
    if (!token) {
      return token;
    }
    if (isDue(*token)) {
      return renewed(std::move(*token), cancel);
    }
  }
  if (token->expires <= now) {
    return loginNeeded(login_, "the SSO login has expired");
  }
  return token;
}

Error SsoProvider::refusal(const http::Document& answer, const SsoToken& token) const {
  const int status = answer.head.status;
  constexpr int kUnauthorized = 401;
  Error error;
  if (status == kUnauthorized) {
    error = loginNeeded(login_, "the SSO login is not valid any more");
  } else {
    std::string text = "the SSO portal gives no credentials of role " + quoted(login_.roleName) +
                       " in account " + quoted(login_.accountId) + ": HTTP status " +
                       std::to_string(status);
    const Result<JsonDocument> document = JsonDocument::parse(answer.text);
    const Result<std::string> said =
        document ? document->root().optionalString("message") : std::string();
    if (said && !said->empty()) {
      text += ", " + redacted(*said, {token.accessToken});
    }
    const ErrorKind kind = status == 403                   ? ErrorKind::kNotAuthorized
                           : status == 429                 ? ErrorKind::kBusy
                           : status >= 400 && status < 500 ? ErrorKind::kSettings
                                                           : ErrorKind::kOpenRead;
    error = makeError(kind, std::move(text));
  }
  error.httpStatus = status;
  error.recovery = usualRecovery(error.kind);
  return error;
}

Result<Credentials> SsoProvider::credentials(const CancelToken& cancel) {
  const Result<SsoToken> token = validToken(cancel);
  if (!token) {
    return token.error();
  }
  http::Request request;
  request.method = "GET";
  request.url = endpoints_.portal +
                "/federation/credentials?role_name=" + percentEncoded(login_.roleName) +
                "&account_id=" + percentEncoded(login_.accountId);
  request.headers = {{"Accept", "application/json"},
                     {"x-amz-sso_bearer_token", token->accessToken}};
  const Result<http::Document> answer =
      http::fetchDocument(access_.network, request, access_.attempts, cancel);
  if (!answer) {
    return answer.error();
  }
  if (answer->head.status != kOk) {
    return refusal(*answer, *token);
  }
  return parseAnswer(answer->text);
}

}  // namespace kvsarchive::aws
