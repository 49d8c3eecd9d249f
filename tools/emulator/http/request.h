// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kvsemulator {

/// One HTTP request as it came in.
struct Request {
  std::string method;
  std::string path;   ///< still percent-encoded
  std::string query;  ///< without '?', still percent-encoded
  std::string body;
  std::string scheme;
  uint64_t connection = 0;                                   ///< counts accepted connections
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case

  /// First header of that lower-case name.
  std::optional<std::string> header(const std::string& name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) {
        return value;
      }
    }
    return std::nullopt;
  }
};

}  // namespace kvsemulator
