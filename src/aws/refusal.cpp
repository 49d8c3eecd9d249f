// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/refusal.h"

#include "aws/redacted.h"
#include "base/json_document.h"

namespace kvsarchive::aws {
namespace {

constexpr int kTooManyRequests = 429;

std::string member(const JsonObjectView& object, const char* lower, const char* upper) {
  for (const char* name : {lower, upper}) {
    const auto value = object.optionalString(name);
    if (value && !value->empty()) {
      return *value;
    }
  }
  return {};
}

bool isFinal(int status) {
  return (status >= 400 && status < 500 && status != kTooManyRequests) || status == 200;
}

}  // namespace

Error refusal(const std::string& source, const http::Document& answer, const std::string& secret) {
  const int status = answer.head.status;
  Error error = makeError(
      isFinal(status) ? ErrorKind::kNotAuthorized : ErrorKind::kOpenRead,
      source + (isFinal(status) ? " refuses" : " fails") + ": status " + std::to_string(status));
  error.httpStatus = status;
  error.recovery = isFinal(status) ? Recovery::kNone : Recovery::kRetry;
  const Result<JsonDocument> json = JsonDocument::parse(answer.text);
  if (!json) {
    return error;
  }
  error.awsCode = plainCode(member(json->root(), "code", "Code"), {secret});
  const std::string message = redacted(member(json->root(), "message", "Message"), {secret});
  error.message += (error.awsCode.empty() ? "" : ", ") + error.awsCode;
  error.message += (message.empty() ? "" : ": ") + message;
  return error;
}

Error unanswered(const std::string& source, Error error) {
  if (error.kind != ErrorKind::kCancelled) {
    error.message = source + " can't be asked: " + error.message;
  }
  return error;
}

}  // namespace kvsarchive::aws
