// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/service_error.h"

#include <glib.h>

#include <algorithm>
#include <array>

#include "kvs/error_body.h"

namespace kvsarchive::kvs {
namespace {

struct CodeKind {
  std::string_view code;  // without a final "Exception"
  ErrorKind kind;
};

constexpr std::array<CodeKind, 50> kKinds{{
    {"InvalidArgument", ErrorKind::kSettings},
    {"Validation", ErrorKind::kSettings},
    {"ValidationError", ErrorKind::kSettings},
    {"Serialization", ErrorKind::kSettings},
    {"InvalidAction", ErrorKind::kSettings},
    {"InvalidParameterCombination", ErrorKind::kSettings},
    {"InvalidParameterValue", ErrorKind::kSettings},
    {"MissingParameter", ErrorKind::kSettings},
    {"InvalidEndpoint", ErrorKind::kSettings},
    {"UnknownOperation", ErrorKind::kSettings},
    {"UnsupportedStreamMediaType", ErrorKind::kSettings},
    {"MissingCodecPrivateData", ErrorKind::kSettings},
    {"InvalidCodecPrivateData", ErrorKind::kSettings},
    {"InvalidMediaFrame", ErrorKind::kSettings},

    {"NotAuthorized", ErrorKind::kNotAuthorized},
    {"AccessDenied", ErrorKind::kNotAuthorized},
    {"ExpiredToken", ErrorKind::kNotAuthorized},
    {"InvalidToken", ErrorKind::kNotAuthorized},
    {"UnrecognizedClient", ErrorKind::kNotAuthorized},
    {"InvalidClientTokenId", ErrorKind::kNotAuthorized},
    {"InvalidSignature", ErrorKind::kNotAuthorized},
    {"SignatureDoesNotMatch", ErrorKind::kNotAuthorized},
    {"RequestExpired", ErrorKind::kNotAuthorized},
    {"RequestTimeTooSkewed", ErrorKind::kNotAuthorized},
    {"IncompleteSignature", ErrorKind::kNotAuthorized},
    {"MissingAuthenticationToken", ErrorKind::kNotAuthorized},
    {"OptInRequired", ErrorKind::kNotAuthorized},

    {"ResourceNotFound", ErrorKind::kNotFound},
    {"NoDataRetention", ErrorKind::kNotFound},

    {"ClientLimitExceeded", ErrorKind::kBusy},
    {"ConnectionLimitExceeded", ErrorKind::kBusy},
    {"FragmentLimitExceeded", ErrorKind::kBusy},
    {"LimitExceeded", ErrorKind::kBusy},
    {"Throttling", ErrorKind::kBusy},
    {"Throttled", ErrorKind::kBusy},
    {"RequestThrottled", ErrorKind::kBusy},
    {"RequestLimitExceeded", ErrorKind::kBusy},
    {"TooManyRequests", ErrorKind::kBusy},
    {"ProvisionedThroughputExceeded", ErrorKind::kBusy},
    {"BandwidthLimitExceeded", ErrorKind::kBusy},
    {"EC2Throttled", ErrorKind::kBusy},
    {"SlowDown", ErrorKind::kBusy},
    {"TransactionInProgress", ErrorKind::kBusy},

    {"InternalFailure", ErrorKind::kOpenRead},
    {"InternalServerError", ErrorKind::kOpenRead},
    {"InternalService", ErrorKind::kOpenRead},
    {"InternalServiceError", ErrorKind::kOpenRead},
    {"ServiceUnavailable", ErrorKind::kOpenRead},
    {"RequestTimeout", ErrorKind::kOpenRead},
    {"PriorRequestNotComplete", ErrorKind::kOpenRead},
}};

ErrorKind kindOfStatus(int status) {
  switch (status) {
    case 400:
      return ErrorKind::kSettings;
    case 401:
    case 403:
    case 407:
      return ErrorKind::kNotAuthorized;
    case 404:
      return ErrorKind::kNotFound;
    case 429:
      return ErrorKind::kBusy;
    default:
      return ErrorKind::kOpenRead;
  }
}

/// The code in the header goes before that in the body.
std::string codeOf(const http::ResponseHead& head, const ErrorBody& body) {
  for (const char* name : {"x-amzn-ErrorType", "x-amz-ErrorType"}) {
    std::string code = plainErrorCode(std::string(http::findHeader(head.headers, name)));
    if (!code.empty()) {
      return code;
    }
  }
  return body.code;
}

std::string messageOf(const http::ResponseHead& head, const std::string& code,
                      const std::string& text) {
  const std::string status = "HTTP status " + std::to_string(head.status);
  if (head.status >= 300 && head.status < 400) {
    return status + ": a redirect, and redirects are not followed";
  }
  const std::string name = code.empty() ? status : code;
  return text.empty() ? name : name + ": " + text;
}

}  // namespace

ErrorKind classify(std::string_view awsCode, int httpStatus) {
  constexpr std::string_view kSuffix = "Exception";
  if (awsCode.size() > kSuffix.size() &&
      awsCode.substr(awsCode.size() - kSuffix.size()) == kSuffix) {
    awsCode.remove_suffix(kSuffix.size());
  }
  for (const CodeKind& known : kKinds) {
    if (known.code == awsCode) {
      return known.kind;
    }
  }
  return kindOfStatus(httpStatus);
}

Error decodeServiceError(const http::ResponseHead& head, const std::string& body) {
  const ErrorBody parsed = parseErrorBody(body);
  Error error;
  error.awsCode = codeOf(head, parsed);
  error.kind = classify(error.awsCode, head.status);
  error.message = messageOf(head, error.awsCode, parsed.message);
  error.httpStatus = head.status;
  error.requestId = requestIdOf(head);
  return error;
}

bool isDisguisedError(const JsonObjectView& root) {
  return root.has("Output") || root.has("__type");
}

bool isTextual(const http::ResponseHead& head) {
  std::string type(http::findHeader(head.headers, "Content-Type"));
  type.resize(std::min(type.find(';'), type.size()));
  std::transform(type.begin(), type.end(), type.begin(), g_ascii_tolower);
  const auto contains = [&](const char* part) { return type.find(part) != std::string::npos; };
  return contains("json") || contains("xml") || contains("text/");
}

std::string requestIdOf(const http::ResponseHead& head) {
  std::string_view id = http::findHeader(head.headers, "x-amzn-RequestId");
  if (id.empty()) {
    id = http::findHeader(head.headers, "x-amz-RequestId");
  }
  return cleanMessage(std::string(id));
}

}  // namespace kvsarchive::kvs
