// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/unix_time.h"

namespace kvsarchive::kvs {

/// Writes the JSON of requests. Times come out as exact decimals ("1577156925.312"): json-glib
/// would print the binary neighbour (...311999999), which a service that cuts reads as another
/// millisecond.
class JsonWriter {
 public:
  JsonWriter& beginObject();
  JsonWriter& endObject();
  JsonWriter& beginArray();
  JsonWriter& endArray();
  JsonWriter& key(std::string_view name);
  JsonWriter& string(std::string_view value);
  JsonWriter& integer(int64_t value);
  /// Epoch seconds with three decimals.
  JsonWriter& time(UnixTime value);

  const std::string& text() const { return text_; }

 private:
  void separate();

  std::string text_;
};

}  // namespace kvsarchive::kvs
