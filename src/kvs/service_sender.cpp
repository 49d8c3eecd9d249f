// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/service_sender.h"

#include <glib.h>

#include <algorithm>

#include "aws/sigv4.h"
#include "base/c_ptr.h"
#include "kvs/service_error.h"

namespace kvsarchive::kvs {
namespace {

constexpr const char* kService = "kinesisvideo";
constexpr size_t kMaxJsonBytes = size_t{16} << 20;  // a page of 1000 fragments has about 250 KB
constexpr size_t kMaxErrorBytes = size_t{64} << 10;

/// The start of a body; what comes after the limit, or after it broke off, is left out.
Result<std::string> readStart(http::Exchange& exchange, const CancelToken& cancel) {
  std::string text;
  while (text.size() < kMaxErrorBytes) {
    const Result<Bytes> bytes = exchange.read(cancel);
    if (!bytes && bytes.error().kind == ErrorKind::kCancelled) {
      return bytes.error();
    }
    if (!bytes || bytes->empty()) {
      break;
    }
    text.append(bytes->view().substr(0, kMaxErrorBytes - text.size()));
  }
  return text;
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
}

bool isMarkup(const std::string& body) {
  const size_t start = body.find_first_not_of(" \t\r\n");
  return start != std::string::npos && body[start] == '<';
}

}  // namespace

Result<ServiceSender::Answer> ServiceSender::send(const Operation& operation,
                                                  const std::string& baseUrl, std::string body,
                                                  Call& call) {
  call.apiName = operation.apiName != nullptr ? operation.apiName : "";
  call.endpoint = baseUrl;
  call.serverDate.clear();
  const Result<aws::Credentials> credentials = credentials_.credentials(call.cancel);
  if (!credentials) {
    return annotate(credentials.error(), operation, nullptr);
  }
  call.credentials = *credentials;
  call.signedAt = clock_.now();
  http::Request request;
  request.url = baseUrl + operation.path;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = std::move(body);
  const Status isSigned = aws::sign(request, *credentials, {region_, kService, call.signedAt});
  if (!isSigned) {
    return annotate(isSigned.error(), operation, nullptr);
  }
  Answer answer;
  answer.credentials = *credentials;
  answer.exchange = transport_.send(std::move(request));
  Result<http::ResponseHead> head = answer.exchange->head(call.cancel);
  if (!head) {
    return annotate(head.error(), operation, nullptr);
  }
  answer.head = std::move(*head);
  for (http::Header& header : answer.head.headers) {
    hide(header.value, answer.credentials);
  }
  call.serverDate = http::findHeader(answer.head.headers, "Date");
  if (answer.head.status != 200) {
    return readError(operation, answer, call.cancel);
  }
  return answer;
}

Result<JsonDocument> ServiceSender::readJson(const Operation& operation, const Answer& answer,
                                             const CancelToken& cancel) const {
  const Result<std::string> text = readAll(*answer.exchange, kMaxJsonBytes, cancel);
  if (!text) {
    return annotate(text.error(), operation, &answer);
  }
  Result<JsonDocument> json = JsonDocument::parse(*text);
  if (!json && !isMarkup(*text)) {
    Error error = json.error();
    error.recovery = Recovery::kRetry;  // cut, or made by something in between
    return annotate(std::move(error), operation, &answer);
  }
  if (!json || isDisguisedError(json->root())) {
    return serviceError(operation, answer, *text);
  }
  return json;
}

Error ServiceSender::readError(const Operation& operation, const Answer& answer,
                               const CancelToken& cancel) const {
  const Result<std::string> text = readStart(*answer.exchange, cancel);
  if (!text) {
    return annotate(text.error(), operation, &answer);
  }
  return serviceError(operation, answer, *text);
}

Error ServiceSender::serviceError(const Operation& operation, const Answer& answer,
                                  std::string body) const {
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
  }
  return error;
}

}  // namespace kvsarchive::kvs
