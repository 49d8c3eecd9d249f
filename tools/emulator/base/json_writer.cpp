// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/json_writer.h"

#include <cstdio>

namespace kvsemulator {
namespace {

void appendEscaped(std::string& json, std::string_view value) {
  json += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      json += escape;
    } else {
      json += c;
    }
  }
  json += '"';
}

}  // namespace

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  appendEscaped(json_, name);
  json_ += ':';
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  appendEscaped(json_, value);
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::javaSeconds(int64_t ms) {
  std::string digits = std::to_string(ms);
  if (digits.size() <= 10) {  // Java switches to E notation at 1e7
    digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
    digits.insert(digits.size() - 3, ".");
    while (digits.back() == '0' && digits[digits.size() - 2] != '.') {
      digits.pop_back();
    }
    return raw(digits);
  }
  const size_t exponent = digits.size() - 4;
  while (digits.back() == '0' && digits.size() > 2) {
    digits.pop_back();
  }
  return raw(digits.substr(0, 1) + "." + digits.substr(1) + "E" + std::to_string(exponent));
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  json_ += json;
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::newline() {
  newline_ = true;
  return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  json_ += bracket;
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  if (newline_) {
    json_ += '\n';
    newline_ = false;
  }
  json_ += bracket;
  comma_ = true;
  return *this;
}

void JsonWriter::separate() {
  if (comma_) {
    json_ += ',';
  }
  if (newline_) {
    json_ += '\n';
    newline_ = false;
  }
  comma_ = false;
}

}  // namespace kvsemulator
