// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/url.h"

#include <curl/curl.h>

#include <algorithm>

#include "base/c_ptr.h"
#include "base/text.h"

namespace kvsarchive::http {
namespace {

constexpr size_t kMaxHost = 255;  // what a name can have

using UrlHandle = CPtr<CURLU, curl_url_cleanup>;

Error badUrl(const std::string& text, const std::string& reason) {
  const bool mayHavePassword = text.find('@') != std::string::npos;
  return makeError(ErrorKind::kSettings,
                   (mayHavePassword ? "the URL" : quoted(text.substr(0, text.find('?')))) +
                       " can't be used: " + reason);
}

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, flags) != CURLUE_OK) {
    return {};
  }
  const CPtr<char, curl_free> owner(text);
  return text;
}

bool isPlainAscii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), isVisibleAscii);
}

/// `text` is one that curl takes for a URL.
bool hostIsEncoded(const std::string& text) {
  const size_t begin = text.find_first_not_of('/', text.find(':') + 1);
  const size_t end = text.find_first_of("/?#", begin);
  return text.substr(0, end).find('%') != std::string::npos;
}

}  // namespace

Result<Url> parseUrl(const std::string& text) {
  if (!isPlainAscii(text)) {
    return badUrl(text, "it has characters that must be percent-encoded");
  }
  const UrlHandle handle(curl_url());
  const CURLUcode code =
      curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER);
  if (code != CURLUE_OK) {
    return badUrl(text, curl_url_strerror(code));
  }
  Url url;
  url.scheme = part(handle.get(), CURLUPART_SCHEME);
  if (url.scheme != "http" && url.scheme != "https") {
    return badUrl(text, "only http and https are supported");
  }
  const std::string host = part(handle.get(), CURLUPART_HOST);
  // Decoded, it could be another host once the URL is put together again. IPv6 zones have a '%'
  // too.
  if (hostIsEncoded(text)) {
    return badUrl(text, "its host has a '%'");
  }
  if (host.size() > kMaxHost) {
    return badUrl(text, "its host is too long");
  }
  const std::string port = part(handle.get(), CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
  url.hostHeader = port.empty() ? host : host + ":" + port;
  url.authority = host + ":" + part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  url.path = part(handle.get(), CURLUPART_PATH);
  url.query = part(handle.get(), CURLUPART_QUERY);
  return url;
}

Result<std::string> parseBaseUrl(const std::string& text) {
  const Result<Url> url = parseUrl(text);
  if (!url) {
    return url.error();
  }
  if (text.find_first_of("?#") != std::string::npos) {
    return badUrl(text, "an endpoint has neither query nor fragment");
  }
  std::string base = url->scheme + "://" + url->hostHeader + url->path;
  base.erase(base.find_last_not_of('/') + 1);
  return base;
}

}  // namespace kvsarchive::http
