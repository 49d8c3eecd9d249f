// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace kvsarchive::aws {
namespace {

constexpr size_t kSize = 32;

unsigned char* bytesOf(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string sha256(std::string_view data) {
  std::string digest(kSize, '\0');
  const int done =
      EVP_Digest(data.data(), data.size(), bytesOf(digest), nullptr, EVP_sha256(), nullptr);
  return done == 1 ? digest : std::string();
}

std::string hmacSha256(std::string_view key, std::string_view data) {
  std::string code(kSize, '\0');
  const auto* const done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                reinterpret_cast<const unsigned char*>(data.data()), data.size(),
                                bytesOf(code), nullptr);
  return done != nullptr ? code : std::string();
}

std::string toHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text.push_back(kDigits[value >> 4]);
    text.push_back(kDigits[value & 15]);
  }
  return text;
}

}  // namespace kvsarchive::aws
