// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/proxy.h"

#include <openssl/crypto.h>

#include <cstdlib>
#include <string_view>

namespace kvsarchive::http {
namespace {

Status checkUrl(const char* name, std::string_view url) {
  const size_t scheme = url.find("://");
  const size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const size_t end = url.find_first_of("/?#", host);
  if (end == std::string_view::npos || url.find('@', end) == std::string_view::npos) {
    return {};
  }
  return makeError(ErrorKind::kSettings,
                   std::string(name) +
                       ": in its user name and password, write %2F for \"/\", %3F for \"?\" and "
                       "%23 for \"#\"");
}

}  // namespace

Proxy::~Proxy() {
  OPENSSL_cleanse(password.data(), password.size());
  OPENSSL_cleanse(url.data(), url.size());
}

Status checkProxy(const Proxy& proxy) {
  if (!proxy.url.empty()) {
    return checkUrl("proxy", proxy.url);
  }
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
    const char* const url = std::getenv(name);
    if (url != nullptr && *url != '\0') {
      return checkUrl(name, url);
    }
  }
  return {};
}

}  // namespace kvsarchive::http
