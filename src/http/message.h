// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kvsarchive::http {

struct Header {
  std::string name;
  std::string value;
};

using Headers = std::vector<Header>;

/// First header of that name, compared without case; empty if there is none.
std::string_view findHeader(const Headers& headers, std::string_view name);

/// What is sent. `url` is absolute, http or https, and already percent-encoded.
struct Request {
  std::string method = "POST";
  std::string url;
  Headers headers;
  std::string body;
  /// Bytes received ahead of the reader before the connection is paused.
  size_t readAhead = size_t{8} << 20;
};

/// Status line and headers of what came back. Any status is a value here, 404 as well as 200.
struct ResponseHead {
  int status = 0;
  Headers headers;
};

}  // namespace kvsarchive::http
