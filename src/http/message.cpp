// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/message.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>

namespace kvsarchive::http {
namespace {

// What may be shown, rather than what must not: the next header that authenticates is hidden
// without anybody having to remember it here.
constexpr std::array<std::string_view, 6> kHarmlessHeaders{
    "accept", "content-length", "content-type", "host", "user-agent", "x-amz-date"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool isTokenChar(char c) {
  const bool alphanumeric = (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
  return alphanumeric || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool isToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), isTokenChar);
}

bool isHarmless(std::string_view name) {
  return std::any_of(kHarmlessHeaders.begin(), kHarmlessHeaders.end(),
                     [&](std::string_view known) { return sameHeaderName(known, name); });
}

/// Scheme, host, port and, unless it is secret, path.
std::string describeUrl(std::string_view url, bool isPathSecret) {
  const size_t end = url.find_first_of("?#");
  const bool cut = end != std::string_view::npos;
  std::string shown(url.substr(0, end));
  const size_t authority = shown.find("://");
  if (authority != std::string::npos) {
    const size_t start = authority + 3;
    const size_t pathStart = std::min(shown.find('/', start), shown.size());
    const size_t at = shown.rfind('@', pathStart);
    if (at != std::string::npos && at >= start) {
      shown.replace(start, at - start, "***");
    }
    if (isPathSecret) {
      shown = shown.substr(0, shown.find('/', start)) + "/***";
    }
  }
  return cut ? shown + "?***" : shown;
}

}  // namespace

Request::~Request() {
  OPENSSL_cleanse(body.data(), body.size());
  for (Header& header : headers) {
    OPENSSL_cleanse(header.value.data(), header.value.size());
  }
}

bool sameHeaderName(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view findHeader(const Headers& headers, std::string_view name) {
  for (const Header& header : headers) {
    if (sameHeaderName(header.name, name)) {
      return header.value;
    }
  }
  return {};
}

Status checkSendable(const Request& request) {
  if (!isToken(request.method)) {
    return makeError(ErrorKind::kSettings, "the HTTP method is not a word");
  }
  for (const Header& header : request.headers) {
    if (!isToken(header.name)) {
      return makeError(ErrorKind::kSettings, "a header name has characters that can't be sent");
    }
    if (header.value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      return makeError(ErrorKind::kSettings,
                       "the value of header " + header.name + " has a line break in it");
    }
  }
  return {};
}

std::string describe(const Request& request) {
  std::string line = request.method + " " + describeUrl(request.url, request.isPathSecret) + " {";
  std::string_view separator;
  for (const Header& header : request.headers) {
    line.append(separator).append(header.name).append(": ");
    line.append(isHarmless(header.name) ? std::string_view(header.value) : "***");
    separator = ", ";
  }
  return line + "} " + std::to_string(request.body.size()) + " bytes";
}

}  // namespace kvsarchive::http
