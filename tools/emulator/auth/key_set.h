// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json_reader.h"

namespace kvsemulator {

/// Credentials that are accepted.
struct KeySet {
  std::string accessKey;
  std::string secretKey;
  std::string sessionToken;             ///< empty = long-term key
  std::optional<int64_t> expirationMs;  ///< of the session token
};

/// Reads the array `credentials` of an object; problems go into the reader's
/// error.
std::vector<KeySet> readKeySets(JsonReader& parent);

}  // namespace kvsemulator
