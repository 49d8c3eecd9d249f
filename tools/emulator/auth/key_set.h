// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace kvsemulator {

/// Credentials that are accepted.
struct KeySet {
  std::string accessKey;
  std::string secretKey;
  std::string sessionToken;             ///< empty = long-term key
  std::optional<int64_t> expirationMs;  ///< of the session token
};

}  // namespace kvsemulator
