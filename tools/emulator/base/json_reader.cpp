// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/json_reader.h"

#include <cmath>

#include "base/wall_clock.h"

namespace kvsemulator {
namespace {

Result<JsonRoot> objectOf(JsonParser* parser, GError* error) {
  if (error) {
    std::string message = error->message;
    g_error_free(error);
    return failure(std::move(message));
  }
  JsonRoot root(json_parser_steal_root(parser));
  if (!root || !JSON_NODE_HOLDS_OBJECT(root.get())) {
    return failure("a JSON object is expected at the top");
  }
  return root;
}

bool isNumber(JsonNode* node) {
  if (!JSON_NODE_HOLDS_VALUE(node)) {
    return false;
  }
  const GType type = json_node_get_value_type(node);
  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
}

std::string rangeText(double min, double max) {
  char text[80];
  g_snprintf(text, sizeof text, "must be a number from %g to %g", min, max);
  return text;
}

}  // namespace

Result<JsonRoot> parseJsonObject(const std::string& text) {
  g_autoptr(JsonParser) parser = json_parser_new();
  GError* error = nullptr;
  json_parser_load_from_data(parser, text.data(), static_cast<gssize>(text.size()), &error);
  return objectOf(parser, error);
}

Result<JsonRoot> loadJsonObject(const std::string& path) {
  g_autoptr(JsonParser) parser = json_parser_new();
  GError* error = nullptr;
  json_parser_load_from_file(parser, path.c_str(), &error);
  return objectOf(parser, error);
}

JsonReader::JsonReader(JsonObject* object, std::string path, std::string& error)
    : object_(object), path_(std::move(path)), error_(&error) {}

JsonNode* JsonReader::find(const char* name) {
  known_.insert(name);
  return object_ ? json_object_get_member(object_, name) : nullptr;
}

bool JsonReader::has(const char* name) { return find(name) != nullptr; }

bool JsonReader::isText(const char* name) {
  JsonNode* node = find(name);
  return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
}

std::string JsonReader::text(const char* name, std::string fallback) {
  JsonNode* node = find(name);
  if (!node) {
    return fallback;
  }
  if (!isText(name)) {
    fail(name, "must be a string");
    return fallback;
  }
  return json_node_get_string(node);
}

std::string JsonReader::requiredText(const char* name) {
  std::string value = text(name, "");
  if (value.empty()) {
    fail(name, "is missing");
  }
  return value;
}

int64_t JsonReader::integer(const char* name, int64_t fallback, int64_t min, int64_t max) {
  JsonNode* node = find(name);
  if (!node) {
    return fallback;
  }
  if (!isNumber(node) || json_node_get_value_type(node) != G_TYPE_INT64 ||
      json_node_get_int(node) < min || json_node_get_int(node) > max) {
    fail(name, "must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
    return fallback;
  }
  return json_node_get_int(node);
}

double JsonReader::number(const char* name, double fallback, double min, double max) {
  JsonNode* node = find(name);
  if (!node) {
    return fallback;
  }
  if (!isNumber(node) || json_node_get_double(node) < min || json_node_get_double(node) > max) {
    fail(name, rangeText(min, max));
    return fallback;
  }
  return json_node_get_double(node);
}

bool JsonReader::flag(const char* name, bool fallback) {
  JsonNode* node = find(name);
  if (!node) {
    return fallback;
  }
  if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_BOOLEAN) {
    fail(name, "must be true or false");
    return fallback;
  }
  return json_node_get_boolean(node);
}

std::optional<int64_t> JsonReader::integerOr(const char* name, const char* word, int64_t min) {
  JsonNode* node = find(name);
  if (!node) {
    return std::nullopt;
  }
  if (isText(name) && std::string(json_node_get_string(node)) == word) {
    return std::nullopt;
  }
  return integer(name, min, min, INT64_MAX);
}

int64_t JsonReader::time(const char* name, const std::string& fallback) {
  JsonNode* node = find(name);
  if (node && isNumber(node)) {
    return std::llround(json_node_get_double(node) * 1000);
  }
  const auto parsed = parseTime(text(name, fallback));
  if (!parsed) {
    fail(name, "must be epoch seconds, now[-+<n>s|m|h|d] or like 2026-03-01T10:00:00Z");
  }
  return parsed.value_or(0);
}

int64_t JsonReader::offsetMs(const char* name) {
  constexpr double kMaxSeconds = 1e9;
  return std::llround(number(name, 0, -kMaxSeconds, kMaxSeconds) * 1000);
}

std::vector<JsonReader> JsonReader::objects(const char* name) {
  std::vector<JsonReader> readers;
  JsonNode* node = find(name);
  if (!node) {
    return readers;
  }
  if (!JSON_NODE_HOLDS_ARRAY(node)) {
    fail(name, "must be an array of objects");
    return readers;
  }
  JsonArray* array = json_node_get_array(node);
  for (guint i = 0; i < json_array_get_length(array); ++i) {
    JsonNode* element = json_array_get_element(array, i);
    if (!JSON_NODE_HOLDS_OBJECT(element)) {
      fail(name, "must be an array of objects");
      break;
    }
    readers.emplace_back(json_node_get_object(element),
                         path_ + "." + name + "[" + std::to_string(i) + "]", *error_);
  }
  return readers;
}

JsonReader JsonReader::object(const char* name) {
  JsonNode* node = find(name);
  if (node && !JSON_NODE_HOLDS_OBJECT(node)) {
    fail(name, "must be an object");
    node = nullptr;
  }
  return {node ? json_node_get_object(node) : nullptr, path_ + "." + name, *error_};
}

std::string JsonReader::toText() const {
  if (!object_) {
    return "{}";
  }
  JsonNode* node = json_node_alloc();
  json_node_init_object(node, object_);
  g_autofree gchar* text = json_to_string(node, FALSE);
  json_node_unref(node);
  return text;
}

void JsonReader::fail(const char* name, const std::string& problem) {
  if (error_->empty()) {
    *error_ = path_ + "." + name + " " + problem;
  }
}

void JsonReader::finish() {
  if (!object_) {
    return;
  }
  JsonObjectIter iter;
  const char* name = nullptr;
  JsonNode* node = nullptr;
  json_object_iter_init(&iter, object_);
  while (json_object_iter_next(&iter, &name, &node)) {
    if (known_.count(name) == 0) {
      fail(name, "is not a known option");
    }
  }
}

}  // namespace kvsemulator
