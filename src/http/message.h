// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/lease.h"

namespace kvsarchive::http {

struct Header {
  std::string name;
  std::string value;
};

using Headers = std::vector<Header>;

/// Compares without case, as header names are compared.
bool sameHeaderName(std::string_view a, std::string_view b);

/// First header of that name, compared without case; empty if there is none.
std::string_view findHeader(const Headers& headers, std::string_view name);

/// What is sent. `url` is absolute, http or https, and already percent-encoded.
/// Wipes body and headers, which may have keys and tokens in them.
struct Request {
  Request() = default;
  Request(const Request&) = default;
  Request(Request&&) = default;
  Request& operator=(const Request&) = default;
  Request& operator=(Request&&) = default;
  ~Request();

  std::string method = "POST";  ///< GET carries no body; HEAD is not supported
  std::string url;
  bool isPathSecret = false;  ///< logs have the host only
  Headers headers;
  std::string body;
  static constexpr size_t kReadAhead = size_t{8} << 20;
  /// Bytes received ahead of the reader before the connection is paused; not 0.
  size_t readAhead = kReadAhead;
  /// Let go of as soon as the answer is over, well or not, or given up, on any thread.
  std::shared_ptr<Lease> lease;
};

/// Status line and headers of what came back. Any status is a value here, 404 as well as 200.
struct ResponseHead {
  int status = 0;
  Headers headers;
};

/// Checks that method and headers can go on the wire as they are: no line breaks that would smuggle
/// in other headers. Errors: kSettings, naming the header but never its value.
Status checkSendable(const Request& request);

/// One line for logs. Shows no query, no user info, no body, and the value of a header only if that
/// header is known to be harmless.
std::string describe(const Request& request);

}  // namespace kvsarchive::http
