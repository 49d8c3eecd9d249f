// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sts_refusal.h"

#include <array>

#include "aws/redacted.h"
#include "aws/sts_answer.h"

namespace kvsarchive::aws {
namespace {

struct KnownCode {
  std::string_view code;
  ErrorKind kind;
};

/// Those that mean something else than their status. STS answers most errors with 400.
constexpr std::array<KnownCode, 9> kCodes{{
    {"IDPCommunicationError", ErrorKind::kOpenRead},
    {"RequestTimeout", ErrorKind::kOpenRead},
    {"Throttling", ErrorKind::kBusy},
    {"ThrottlingException", ErrorKind::kBusy},
    {"RequestLimitExceeded", ErrorKind::kBusy},
    {"TooManyRequestsException", ErrorKind::kBusy},
    {"ExpiredToken", ErrorKind::kNotAuthorized},
    {"ExpiredTokenException", ErrorKind::kNotAuthorized},
    {"InvalidIdentityToken", ErrorKind::kNotAuthorized},
}};

ErrorKind kindOf(int status, std::string_view code) {
  for (const KnownCode& known : kCodes) {
    if (known.code == code) {
      return known.kind;
    }
  }
  switch (status) {
    case 400:
      return ErrorKind::kSettings;
    case 401:
    case 403:
      return ErrorKind::kNotAuthorized;
    case 429:
      return ErrorKind::kBusy;
    default:
      return ErrorKind::kOpenRead;
  }
}

}  // namespace

Error stsRefusal(const http::Document& answer, std::initializer_list<std::string_view> secrets) {
  const int status = answer.head.status;
  const StsError said = parseStsError(answer.text);
  const std::string code = plainCode(said.code, secrets);
  std::string message = "STS answers with HTTP status " + std::to_string(status);
  message += code.empty() ? "" : " and " + code;
  const std::string shown = redacted(withoutCanonicalRequest(said.message), secrets);
  message += shown.empty() ? "" : ": " + shown;
  Error error = makeError(kindOf(status, code), std::move(message));
  error.httpStatus = status;
  error.awsCode = code;
  error.recovery = usualRecovery(error.kind);
  return error;
}

}  // namespace kvsarchive::aws
