// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <json-glib/json-glib.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace kvsemulator {

struct JsonNodeDeleter {
  void operator()(JsonNode* node) const { json_node_unref(node); }
};
using JsonRoot = std::unique_ptr<JsonNode, JsonNodeDeleter>;

/// Errors: text that is not JSON, or no object at the top.
Result<JsonRoot> parseJsonObject(const std::string& text);
Result<JsonRoot> loadJsonObject(const std::string& path);

/// Reads options out of one JSON object. Strict, so that a misspelt option in a
/// test is found: the first wrong type, value or unknown key goes into the
/// `error` that all readers of a text share.
class JsonReader {
 public:
  /// `path` names the object in messages. The node must outlive the reader.
  JsonReader(JsonObject* object, std::string path, std::string& error);

  bool has(const char* name);
  bool isText(const char* name);
  std::string text(const char* name, std::string fallback);
  /// It must be there and not empty.
  std::string requiredText(const char* name);
  int64_t integer(const char* name, int64_t fallback, int64_t min, int64_t max);
  double number(const char* name, double fallback, double min, double max);
  bool flag(const char* name, bool fallback);
  /// A number or a text such as "every" in its place (then nullopt).
  std::optional<int64_t> integerOr(const char* name, const char* word, int64_t min);
  /// Milliseconds since 1970: see parseTime().
  int64_t time(const char* name, const std::string& fallback);
  /// Seconds of either sign, 0 if absent, as milliseconds.
  int64_t offsetMs(const char* name);
  std::vector<JsonReader> objects(const char* name);
  /// An empty object when the key is absent.
  JsonReader object(const char* name);

  template <typename T>
  T choice(const char* name, T fallback, std::initializer_list<std::pair<const char*, T>> choices) {
    if (!has(name)) {
      return fallback;
    }
    const std::string chosen = text(name, "");
    std::string known;
    for (const auto& [word, value] : choices) {
      if (chosen == word) {
        return value;
      }
      known += known.empty() ? word : std::string(", ") + word;
    }
    fail(name, "must be one of " + known);
    return fallback;
  }

  void fail(const char* name, const std::string& problem);
  /// Call last: objects to keys that nobody asked for.
  void finish();
  /// The object as JSON text.
  std::string toText() const;

 private:
  JsonNode* find(const char* name);

  JsonObject* object_;
  std::string path_;
  std::string* error_;
  std::set<std::string> known_;
};

}  // namespace kvsemulator
