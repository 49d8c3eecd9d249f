// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/credentials.h"
#include "base/iso8601.h"
#include "base/result.h"

namespace kvsarchive::aws {

inline const char* kindName(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kCancelled:
      return "cancelled";
    case ErrorKind::kSettings:
      return "settings";
    case ErrorKind::kAbsent:
      return "absent";
    case ErrorKind::kNotAuthorized:
      return "unauthorized";
    case ErrorKind::kBusy:
      return "busy";
    case ErrorKind::kOpenRead:
      return "open";
    case ErrorKind::kRead:
      return "read";
    case ErrorKind::kDecode:
      return "decode";
    default:
      return "other";
  }
}

inline std::string showError(const Error& error) {
  return std::string(kindName(error.kind)) + ": " + error.message;
}

/// "id/secret/token 2026-03-01T10:00:00.000Z" or "settings: what is wrong".
inline std::string showCredentials(const Result<Credentials>& found) {
  if (!found) {
    return showError(found.error());
  }
  return found->accessKeyId + "/" + found->secretKey + "/" + found->sessionToken +
         (found->expires ? " " + formatIso8601(*found->expires) : "");
}

}  // namespace kvsarchive::aws
