// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"

namespace kvsarchive::http {

/// Parts of an absolute http or https URL.
struct Url {
  std::string scheme;      ///< "http" or "https"
  std::string hostHeader;  ///< what the Host header says: the port only where it is not the default
  std::string authority;   ///< host and port, always both, for messages
  std::string path;        ///< percent-encoded, dot segments removed, at least "/"
  std::string query;       ///< percent-encoded, without '?'
};

/// Splits a URL as libcurl will when it is sent.
/// Errors: kSettings for what is no absolute http(s) URL, has user info, or a host beyond ASCII.
/// The message quotes the URL without its query, and not at all if there may be a password in it.
Result<Url> parseUrl(const std::string& text);

/// Checks the URL of a service endpoint, which may have a path but no query and no fragment, and
/// returns it without a final slash, ready for "/listFragments" to be appended.
/// Errors: kSettings.
Result<std::string> parseBaseUrl(const std::string& text);

}  // namespace kvsarchive::http
