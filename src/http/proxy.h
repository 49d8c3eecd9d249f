// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"

namespace kvsarchive::http {

/// Which proxy requests go through. Without a URL: what HTTPS_PROXY, https_proxy, http_proxy and
/// ALL_PROXY say. Hosts that NO_PROXY or no_proxy name are asked directly in either case.
struct Proxy {
  Proxy() = default;
  Proxy(const Proxy&) = default;
  Proxy& operator=(const Proxy&) = default;
  ~Proxy();            ///< wipes the password
  bool never = false;  ///< whatever else is set: for hosts of the machine's own network
  std::string url;     ///< http://host:port, for instance
  std::string user;    ///< empty = none, or in the URL
  std::string password;
};

/// Refuses a URL, also that of the environment for https, whose user name or password has a bare
/// '/', '?' or
/// '#' in it: libcurl would take a part of the password for the host, which errors and logs name.
/// Errors: kSettings, naming the setting or variable and nothing of the URL.
Status checkProxy(const Proxy& proxy);

}  // namespace kvsarchive::http
