// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/proxy.h"

#include <openssl/crypto.h>

namespace kvsarchive::http {

Proxy::~Proxy() {
  OPENSSL_cleanse(password.data(), password.size());
  OPENSSL_cleanse(url.data(), url.size());
}

}  // namespace kvsarchive::http
