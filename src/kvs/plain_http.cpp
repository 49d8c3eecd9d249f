// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/plain_http.h"

#include "http/url.h"

namespace kvsarchive::kvs {
namespace {

/// Host name or address, without the port.
std::string hostOf(const http::Url& url) {
  return url.authority.substr(0, url.authority.rfind(':'));
}

bool isThisMachine(const std::string& host) {
  const bool isIpv4 = host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host == "[::1]" || (isIpv4 && host.compare(0, 4, "127.") == 0);
}

}  // namespace

bool mayBeAsked(const std::string& url, const std::string& controlEndpoint) {
  const auto named = http::parseUrl(url);
  const auto control = http::parseUrl(controlEndpoint);
  if (!named || !control) {
    return false;
  }
  const std::string host = hostOf(*named);
  return named->scheme == "https" ||
         (control->scheme == "http" && (isThisMachine(host) || host == hostOf(*control)));
}

}  // namespace kvsarchive::kvs
