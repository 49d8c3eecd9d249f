// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace kvsarchive::aws {

// SHA-256 as signatures need it. Both return 32 raw bytes; none at all if OpenSSL refuses.

std::string sha256(std::string_view data);
std::string hmacSha256(std::string_view key, std::string_view data);

/// Lower-case hexadecimal digits.
std::string toHex(std::string_view bytes);

}  // namespace kvsarchive::aws
