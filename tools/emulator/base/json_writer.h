// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kvsemulator {

/// Writes JSON text from left to right; the caller keeps the order of keys.
/// json-glib can't print the service's number format, and trees of a manifest
/// would be large.
class JsonWriter {
 public:
  JsonWriter& beginObject() { return open('{'); }
  JsonWriter& endObject() { return close('}'); }
  JsonWriter& beginArray() { return open('['); }
  JsonWriter& endArray() { return close(']'); }
  JsonWriter& key(std::string_view name);
  JsonWriter& text(std::string_view value);
  JsonWriter& integer(int64_t value) { return raw(std::to_string(value)); }
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }
  /// A time of the service: seconds as Java prints a double,
  /// e.g. 1.577156925312E9.
  JsonWriter& javaSeconds(int64_t ms);
  /// A value that is JSON text already.
  JsonWriter& raw(std::string_view json);
  /// Starts a new line before the next element, for files that people read.
  JsonWriter& newline();

  std::string take() { return std::move(json_); }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::string json_;
  bool comma_ = false;
  bool newline_ = false;
};

}  // namespace kvsemulator
