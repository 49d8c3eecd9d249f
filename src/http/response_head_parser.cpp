// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/response_head_parser.h"

#include <charconv>

namespace kvsarchive::http {
namespace {

constexpr std::string_view kStatusLineStart = "HTTP/";
constexpr std::string_view kBlanks = " \t\r\n";

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

bool ResponseHeadParser::addLine(std::string_view line) {
  if (complete_) {
    return true;
  }
  size_ += line.size();
  if (size_ > kMaxSize) {
    return false;
  }
  if (line.substr(0, kStatusLineStart.size()) == kStatusLineStart) {
    return addStatusLine(line);
  }
  if (!trim(line).empty()) {
    return addHeader(line);
  }
  const bool interim = head_.status >= 100 && head_.status < 200;
  complete_ = head_.status != 0 && !interim;
  return true;
}

bool ResponseHeadParser::addStatusLine(std::string_view line) {
  head_ = {};
  const std::string_view code = trim(line.substr(std::min(line.find(' '), line.size())));
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), head_.status);
  return error == std::errc() && head_.status >= 100 && head_.status <= 999;
}

bool ResponseHeadParser::addHeader(std::string_view line) {
  const bool continued = line.front() == ' ' || line.front() == '\t';
  if (continued) {
    if (!head_.headers.empty()) {
      head_.headers.back().value.append(" ").append(trim(line));
    }
    return true;
  }
  const size_t colon = line.find(':');
  if (colon != std::string_view::npos) {  // anything else is noise that curl let pass
    head_.headers.push_back(
        {std::string(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
  }
  return true;
}

}  // namespace kvsarchive::http
