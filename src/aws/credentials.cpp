// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/credentials.h"

#include <openssl/crypto.h>

#include <utility>

namespace kvsarchive::aws {

Credentials::Credentials(std::string accessKey, std::string secret, std::string token)
    : accessKeyId(std::move(accessKey)) {
  secretKey.swap(secret);
  sessionToken.swap(token);
  // Swapping short texts copies them.
  wipe(secret);
  wipe(token);
}

Credentials& Credentials::operator=(Credentials other) noexcept {
  std::swap(accessKeyId, other.accessKeyId);
  std::swap(secretKey, other.secretKey);
  std::swap(sessionToken, other.sessionToken);
  std::swap(expires, other.expires);
  return *this;
}

Credentials::~Credentials() {
  wipe(secretKey);
  wipe(sessionToken);
}

bool operator==(const Credentials& a, const Credentials& b) {
  return a.accessKeyId == b.accessKeyId && a.secretKey == b.secretKey &&
         a.sessionToken == b.sessionToken;
}

void wipe(std::string& text) {
  text.resize(text.capacity());
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace kvsarchive::aws
