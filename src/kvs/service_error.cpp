// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/service_error.h"

#include <glib.h>

#include <algorithm>
#include <array>

#include "kvs/error_body.h"

namespace kvsarchive::kvs {
namespace {

using Kind = ErrorKind;

struct KnownCode {
  std::string_view code;  // without a final "Exception"
  ErrorClass meaning;
};

constexpr std::array<KnownCode, 51> kCodes{{
    {"InvalidArgument", {Kind::kSettings, Recovery::kNone}},
    {"Validation", {Kind::kSettings, Recovery::kNone}},
    {"ValidationError", {Kind::kSettings, Recovery::kNone}},
    {"Serialization", {Kind::kSettings, Recovery::kNone}},
    {"InvalidAction", {Kind::kSettings, Recovery::kNone}},
    {"InvalidParameterCombination", {Kind::kSettings, Recovery::kNone}},
    {"InvalidParameterValue", {Kind::kSettings, Recovery::kNone}},
    {"MissingParameter", {Kind::kSettings, Recovery::kNone}},
    {"InvalidEndpoint", {Kind::kSettings, Recovery::kRefetchEndpoint}},
    {"UnknownOperation", {Kind::kSettings, Recovery::kRefetchEndpoint}},
    {"UnsupportedStreamMediaType", {Kind::kMedia, Recovery::kNone}},
    {"MissingCodecPrivateData", {Kind::kMedia, Recovery::kNone}},
    {"InvalidCodecPrivateData", {Kind::kMedia, Recovery::kNone}},
    {"InvalidMediaFrame", {Kind::kMedia, Recovery::kNone}},

    {"NotAuthorized", {Kind::kNotAuthorized, Recovery::kNone}},
    {"AccessDenied", {Kind::kNotAuthorized, Recovery::kNone}},
    {"ExpiredToken", {Kind::kNotAuthorized, Recovery::kRefreshCredentials}},
    {"InvalidToken", {Kind::kNotAuthorized, Recovery::kRefreshCredentials}},
    {"UnrecognizedClient", {Kind::kNotAuthorized, Recovery::kRefreshCredentials}},
    {"InvalidClientTokenId", {Kind::kNotAuthorized, Recovery::kRefreshCredentials}},
    {"InvalidSignature", {Kind::kNotAuthorized, Recovery::kCorrectClock}},
    {"SignatureDoesNotMatch", {Kind::kNotAuthorized, Recovery::kCorrectClock}},
    {"RequestExpired", {Kind::kNotAuthorized, Recovery::kCorrectClock}},
    {"RequestTimeTooSkewed", {Kind::kNotAuthorized, Recovery::kCorrectClock}},
    {"RequestInTheFuture", {Kind::kNotAuthorized, Recovery::kCorrectClock}},
    {"IncompleteSignature", {Kind::kNotAuthorized, Recovery::kNone}},
    {"MissingAuthenticationToken", {Kind::kNotAuthorized, Recovery::kNone}},
    {"OptInRequired", {Kind::kNotAuthorized, Recovery::kNone}},

    {"ResourceNotFound", {Kind::kNotFound, Recovery::kRefetchEndpoint}},
    {"NoDataRetention", {Kind::kNotFound, Recovery::kNone}},

    {"ClientLimitExceeded", {Kind::kBusy, Recovery::kThrottle}},
    {"ConnectionLimitExceeded", {Kind::kBusy, Recovery::kThrottle}},
    {"FragmentLimitExceeded", {Kind::kBusy, Recovery::kNone}},
    {"LimitExceeded", {Kind::kBusy, Recovery::kThrottle}},
    {"Throttling", {Kind::kBusy, Recovery::kThrottle}},
    {"Throttled", {Kind::kBusy, Recovery::kThrottle}},
    {"RequestThrottled", {Kind::kBusy, Recovery::kThrottle}},
    {"RequestLimitExceeded", {Kind::kBusy, Recovery::kThrottle}},
    {"TooManyRequests", {Kind::kBusy, Recovery::kThrottle}},
    {"ProvisionedThroughputExceeded", {Kind::kBusy, Recovery::kThrottle}},
    {"BandwidthLimitExceeded", {Kind::kBusy, Recovery::kThrottle}},
    {"EC2Throttled", {Kind::kBusy, Recovery::kThrottle}},
    {"SlowDown", {Kind::kBusy, Recovery::kThrottle}},
    {"TransactionInProgress", {Kind::kBusy, Recovery::kThrottle}},

    {"InternalFailure", {Kind::kOpenRead, Recovery::kRetry}},
    {"InternalServerError", {Kind::kOpenRead, Recovery::kRetry}},
    {"InternalService", {Kind::kOpenRead, Recovery::kRetry}},
    {"InternalServiceError", {Kind::kOpenRead, Recovery::kRetry}},
    {"ServiceUnavailable", {Kind::kOpenRead, Recovery::kRetry}},
    {"RequestTimeout", {Kind::kOpenRead, Recovery::kRetry}},
    {"PriorRequestNotComplete", {Kind::kOpenRead, Recovery::kRetry}},
}};

ErrorClass meaningOf(int status) {
  switch (status) {
    case 200:  // an answer that is none of the operation's: something in between made it
      return {Kind::kOpenRead, Recovery::kRetry};
    case 400:
      return {Kind::kSettings, Recovery::kNone};
    case 401:
    case 403:
    case 407:
      return {Kind::kNotAuthorized, Recovery::kNone};
    case 404:  // it may be another host by now
      return {Kind::kNotFound, Recovery::kRefetchEndpoint};
    case 421:
      return {Kind::kOpenRead, Recovery::kRefetchEndpoint};
    case 408:
      return {Kind::kOpenRead, Recovery::kRetry};
    case 429:
      return {Kind::kBusy, Recovery::kThrottle};
    default:
      return {Kind::kOpenRead, Recovery::kNone};
  }
}

/// Statuses that pass, whatever code comes with them.
bool isTransient(int status) {
  return status == 500 || status == 502 || status == 503 || status == 504;
}

/// Whether a host refuses an operation that it does not serve: in XML, before any permission is
/// looked at.
bool isWrongHost(std::string_view code, const std::string& body) {
  return shortCode(code) == "AccessDenied" &&
         (isMarkup(body) ||
          body.find("Unable to determine service/operation") != std::string::npos);
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

std::string_view shortCode(std::string_view awsCode) {
  constexpr std::string_view kSuffix = "Exception";
  const bool isLong =
      awsCode.size() > kSuffix.size() && awsCode.substr(awsCode.size() - kSuffix.size()) == kSuffix;
  awsCode.remove_suffix(isLong ? kSuffix.size() : 0);
  return awsCode;
}

ErrorClass classify(std::string_view awsCode, int httpStatus) {
  const std::string_view code = shortCode(awsCode);
  const auto* known = std::find_if(kCodes.begin(), kCodes.end(),
                                   [&](const KnownCode& entry) { return entry.code == code; });
  ErrorClass found = known != kCodes.end() ? known->meaning : meaningOf(httpStatus);
  if (found.recovery == Recovery::kNone && isTransient(httpStatus)) {
    found.recovery = Recovery::kRetry;
  }
  return found;
}

Error decodeServiceError(const http::ResponseHead& head, const std::string& body) {
  const ErrorBody parsed = parseErrorBody(body);
  Error error;
  error.awsCode = codeOf(head, parsed);
  const ErrorClass found = classify(error.awsCode, head.status);
  error.kind = found.kind;
  error.recovery = isWrongHost(error.awsCode, body) ? Recovery::kRefetchEndpoint : found.recovery;
  error.message = messageOf(head, error.awsCode, parsed.message);
  error.httpStatus = head.status;
  error.requestId = requestIdOf(head);
  return error;
}

bool isDisguisedError(const JsonObjectView& root) {
  if (root.has("Output") || root.has("__type")) {
    return true;
  }
  const bool isAnswer =
      root.has("DataEndpoint") || root.mentions("Fragments") || root.mentions("NextToken");
  const auto isThere = [&](const char* member) { return root.has(member); };
  constexpr std::array<const char*, 6> kOfErrors{"message", "Message", "code",
                                                 "Code",    "error",   "Error"};
  return !isAnswer && std::any_of(kOfErrors.begin(), kOfErrors.end(), isThere);
}

bool isTextual(const http::ResponseHead& head) {
  std::string type(http::findHeader(head.headers, "Content-Type"));
  type.resize(std::min(type.find(';'), type.size()));
  std::transform(type.begin(), type.end(), type.begin(), g_ascii_tolower);
  const auto contains = [&](const char* part) { return type.find(part) != std::string::npos; };
  return contains("json") || contains("xml") || contains("text/");
}

bool isOfTooManyConnections(const Error& error) {
  return shortCode(error.awsCode) == "ConnectionLimitExceeded";
}

std::string requestIdOf(const http::ResponseHead& head) {
  std::string_view id = http::findHeader(head.headers, "x-amzn-RequestId");
  if (id.empty()) {
    id = http::findHeader(head.headers, "x-amz-RequestId");
  }
  return cleanMessage(std::string(id));
}

}  // namespace kvsarchive::kvs
