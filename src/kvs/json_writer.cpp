// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/json_writer.h"

namespace kvsarchive::kvs {
namespace {

std::string escaped(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      result.append("\\u00");
      result.append({kDigits[byte >> 4], kDigits[byte & 15]});
      continue;
    }
    if (c == '"' || c == '\\') {
      result.push_back('\\');
    }
    result.push_back(c);
  }
  return result;
}

}  // namespace

/// A comma, unless this is the first of its object or array, or the value of a key.
void JsonWriter::separate() {
  const char last = text_.empty() ? '{' : text_.back();
  if (last != '{' && last != '[' && last != ':') {
    text_.push_back(',');
  }
}

JsonWriter& JsonWriter::beginObject() {
  separate();
  text_.push_back('{');
  return *this;
}

JsonWriter& JsonWriter::endObject() {
  text_.push_back('}');
  return *this;
}

JsonWriter& JsonWriter::beginArray() {
  separate();
  text_.push_back('[');
  return *this;
}

JsonWriter& JsonWriter::endArray() {
  text_.push_back(']');
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  string(name);
  text_.push_back(':');
  return *this;
}

JsonWriter& JsonWriter::string(std::string_view value) {
  separate();
  text_.append("\"").append(escaped(value)).append("\"");
  return *this;
}

JsonWriter& JsonWriter::integer(int64_t value) {
  separate();
  text_.append(std::to_string(value));
  return *this;
}

JsonWriter& JsonWriter::time(UnixTime value) {
  separate();
  const int64_t millis = toMillis(value);
  const int64_t magnitude = millis < 0 ? -millis : millis;
  text_.append(millis < 0 ? "-" : "").append(std::to_string(magnitude / 1000)).append(".");
  text_.append(std::to_string(1000 + magnitude % 1000).substr(1));
  return *this;
}

}  // namespace kvsarchive::kvs
