// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/credentials.h"
#include "base/cancel_token.h"
#include "base/iso8601.h"
#include "base/result.h"
#include "show.h"
#include "support/fake_http_server.h"

namespace kvsarchive::aws {

inline const CancelToken kUncancelled;

/// "id/secret/token until 2026-03-01T10:00:00.000Z", or "absent: why".
inline std::string shown(const Result<Credentials>& found) {
  if (!found) {
    return showError(found.error());
  }
  return found->accessKeyId + "/" + found->secretKey + "/" + found->sessionToken +
         (found->expires ? " until " + formatIso8601(*found->expires) : "");
}

inline std::string shown(const Result<std::string>& found) {
  return found ? *found : showError(found.error());
}

/// Method, target and the headers that credentials are asked for with: "GET /x [Authorization: t]".
inline std::string shown(const test::ReceivedRequest& request) {
  std::string line = request.method + " " + request.target;
  for (const http::Header& header : request.headers) {
    if (!http::sameHeaderName(header.name, "Host") &&
        !http::sameHeaderName(header.name, "Accept") &&
        !http::sameHeaderName(header.name, "Content-Length")) {
      line += " [" + header.name + ": " + header.value + "]";
    }
  }
  return line;
}

inline std::string shown(const std::vector<test::ReceivedRequest>& requests) {
  std::string lines;
  for (const test::ReceivedRequest& request : requests) {
    lines += (lines.empty() ? "" : "\n") + shown(request);
  }
  return lines;
}

}  // namespace kvsarchive::aws
