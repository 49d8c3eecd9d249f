// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace kvsemulator {

std::string toHex(std::string_view bytes);
/// SHA-256 as 64 hex digits.
std::string sha256Hex(std::string_view data);
/// HMAC-SHA-256 as 32 raw bytes.
std::string hmacSha256(std::string_view key, std::string_view data);
/// Compares in a time that does not depend on where the texts differ.
bool equalConstantTime(std::string_view a, std::string_view b);

}  // namespace kvsemulator
