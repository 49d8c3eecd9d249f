// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "checks.h"
#include "http/response_head_parser.h"
#include "http/url.h"
#include "targets.h"

namespace kvsarchive::fuzz {
namespace {

void requireOneWord(const std::string& text, Checks* checks) {
  checks->require(std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; }),
                  "a part of a URL could smuggle something in");
}

void checkUrl(const std::string& text, Checks* checks) {
  const Result<http::Url> url = http::parseUrl(text);
  if (!url) {
    checks->require(url.error().kind == ErrorKind::kSettings, "an error of another kind");
    checks->requireClear(url.error());
    return;
  }
  for (const std::string* part :
       {&url->scheme, &url->hostHeader, &url->authority, &url->path, &url->query}) {
    requireOneWord(*part, checks);
  }
  checks->require(url->scheme == "http" || url->scheme == "https", "another scheme");
  checks->require(!url->hostHeader.empty(), "no host");
  checks->require(url->hostHeader.find_first_of("@/?#\\") == std::string::npos,
                  "a host that is not only a host");
  checks->require(url->authority.compare(0, url->hostHeader.size(), url->hostHeader) == 0,
                  "two hosts");
  checks->require(!url->path.empty() && url->path.front() == '/', "a path without root");
  const Result<http::Url> again = http::parseUrl(url->scheme + "://" + url->hostHeader + url->path +
                                                 (url->query.empty() ? "" : "?" + url->query));
  checks->require(again && again->authority == url->authority && again->path == url->path &&
                      again->query == url->query,
                  "a URL changes when it is put together and split again");
  const Result<std::string> base = http::parseBaseUrl(text);
  if (base) {
    checks->require(!base->empty() && base->back() != '/', "a base URL with a final slash");
    checks->require(http::parseUrl(*base + "/listFragments").ok(), "a base URL that can't be used");
  } else {
    checks->requireClear(base.error());
  }
}

void checkHead(std::string_view lines, Checks* checks) {
  http::ResponseHeadParser parser;
  size_t fed = 0;
  while (!lines.empty()) {
    const size_t length = std::min(lines.find('\n'), lines.size() - 1) + 1;
    fed += length;
    if (!parser.addLine(lines.substr(0, length))) {
      return;
    }
    lines.remove_prefix(length);
  }
  size_t held = 0;
  for (const http::Header& header : parser.head().headers) {
    held += header.name.size() + header.value.size();
    for (const std::string* text : {&header.name, &header.value}) {
      checks->require(text->find('\n') == std::string::npos, "a line break in a header");
    }
  }
  checks->require(held <= fed && held <= http::ResponseHeadParser::kMaxSize, "headers grow");
  checks->require(
      !parser.complete() || (parser.head().status >= 200 && parser.head().status < 1000),
      "a complete head without a final status");
}

}  // namespace

std::string url(std::string_view input) {
  Checks checks;
  const size_t end = std::min(input.find('\n'), input.size());
  checkUrl(std::string(input.substr(0, end)), &checks);
  checkHead(input.substr(std::min(end + 1, input.size())), &checks);
  return checks.problem();
}

}  // namespace kvsarchive::fuzz
