// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/service_sender.h"

#include <glib.h>

#include <algorithm>
#include <utility>

#include "aws/sigv4.h"
#include "base/c_ptr.h"
#include "kvs/error_body.h"
#include "kvs/service_error.h"

namespace kvsarchive::kvs {
namespace {

constexpr const char* kService = "kinesisvideo";

/// Blots out what may be the signature of a request: SHA-256 in hexadecimal.
void hideHashes(std::string& text) {
  constexpr size_t kDigits = 64;
  for (size_t start = 0; start < text.size();) {
    size_t end = start;
    while (end < text.size() && g_ascii_isxdigit(text[end])) {
      ++end;
    }
    if (end - start >= kDigits) {
      text.replace(start, end - start, "***");
      end = start + 3;
    }
    start = end + 1;
  }
}

/// Blots out secrets that a server may have echoed.
void hide(std::string& text, const aws::Credentials& credentials) {
  const auto percent = [](const std::string& secret) {
    const CPtr<char, g_free> escaped(g_uri_escape_string(secret.c_str(), nullptr, FALSE));
    return std::string(escaped.get());
  };
  for (const std::string& secret :
       {credentials.secretKey, credentials.sessionToken, percent(credentials.secretKey),
        percent(credentials.sessionToken)}) {
    size_t position = 0;
    while (!secret.empty() && (position = text.find(secret, position)) != std::string::npos) {
      text.replace(position, secret.size(), "***");
      position += 3;
    }
  }
  hideHashes(text);
}

}  // namespace

Result<std::unique_ptr<Attempt>> ServiceSender::begin(
    const Operation& operation, const std::string& baseUrl, std::string body, size_t readAhead,
    std::shared_ptr<http::Lease> lease, SentRequest* sent, const CancelToken& cancel) {
  *sent = SentRequest();
  sent->apiName = operation.apiName != nullptr ? operation.apiName : "";
  sent->endpoint = baseUrl;
  const Result<aws::Credentials> credentials = credentials_.credentials(cancel);
  if (!credentials) {
    return withoutCredentials(credentials.error(), operation);
  }
  sent->credentials = *credentials;
  sent->signedAt = clock_.now();
  http::Request request;
  request.url = baseUrl + operation.path;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = std::move(body);
  request.readAhead = readAhead;
  request.lease = std::move(lease);
  const Status isSigned = aws::sign(request, *credentials, {region_, kService, sent->signedAt});
  if (!isSigned) {
    return annotate(isSigned.error(), operation, nullptr);
  }
  sent->wasSent = true;
  return std::make_unique<Attempt>(operation, transport_.send(std::move(request)), *credentials);
}

/// What a source answered is not the status of the operation that needs its credentials.
Error ServiceSender::withoutCredentials(Error error, const Operation& operation) const {
  if (error.kind == ErrorKind::kDecode) {  // it is not the stream that can't be decoded
    error.kind = ErrorKind::kNotAuthorized;
  }
  if (error.kind == ErrorKind::kOpenRead || error.kind == ErrorKind::kRead ||
      error.kind == ErrorKind::kBusy) {
    error.kind = ErrorKind::kSourceFailed;
  }
  if (!error.operation.empty()) {
    error.stream = stream_;
    return error;
  }
  error.awsCode.clear();
  if (!isRefusedByProxy(error)) {
    error.httpStatus = 0;
  }
  return annotate(std::move(error), operation, nullptr);
}

std::optional<Result<Answer>> ServiceSender::poll(const Operation& operation, Attempt& attempt,
                                                  SentRequest* sent,
                                                  const CancelToken& cancel) const {
  auto answer = attempt.poll(cancel);
  if (!answer) {
    return std::nullopt;
  }
  if (!*answer) {
    return Result<Answer>(annotate(answer->error(), operation, attempt.received()));
  }
  for (http::Header& header : (*answer)->head.headers) {
    hide(header.value, (*answer)->credentials);
  }
  sent->serverDate = http::findHeader((*answer)->head.headers, "Date");
  const bool isError =
      (*answer)->head.status != 200 || (operation.answersMedia && !(*answer)->exchange);
  if (isError) {
    return Result<Answer>(serviceError(operation, **answer));
  }
  return answer;
}

Result<JsonDocument> ServiceSender::readJson(const Operation& operation,
                                             const Answer& answer) const {
  Result<JsonDocument> json = JsonDocument::parse(answer.text);
  if (!json && !isMarkup(answer.text)) {
    Error error = json.error();
    error.recovery = Recovery::kRetry;  // cut, or made by something in between
    return annotate(std::move(error), operation, &answer);
  }
  if (!json || isDisguisedError(json->root())) {
    return serviceError(operation, answer);
  }
  return json;
}

bool ServiceSender::repeatsSecrets(const std::string& text, const Answer& answer) {
  constexpr size_t kTelling = 12;  // stand-ins have short ones, which may be words of a host's name
  aws::Credentials telling = answer.credentials;
  if (telling.secretKey.size() < kTelling) {
    telling.secretKey.clear();
  }
  if (telling.sessionToken.size() < kTelling) {
    telling.sessionToken.clear();
  }
  std::string shown = text;
  hide(shown, telling);
  return shown != text;
}

Error ServiceSender::serviceError(const Operation& operation, const Answer& answer) const {
  std::string body = answer.text;
  hide(body, answer.credentials);
  return annotate(decodeServiceError(answer.head, body), operation, &answer);
}

Error ServiceSender::annotate(Error error, const Operation& operation, const Answer* answer) const {
  error.operation = operation.name;
  error.stream = stream_;
  if (answer != nullptr) {
    error.httpStatus = answer->head.status;
    error.requestId = requestIdOf(answer->head);
    // Once more, for it may have been escaped in JSON.
    hide(error.message, answer->credentials);
    hide(error.awsCode, answer->credentials);
    hide(error.requestId, answer->credentials);
  }
  return error;
}

}  // namespace kvsarchive::kvs
