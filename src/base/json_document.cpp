// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/json_document.h"

#include <json-glib/json-glib.h>

#include <cmath>
#include <string_view>

#include "base/c_ptr.h"
#include "base/text.h"

namespace kvsarchive {
namespace {

constexpr int kMaxDepth = 32;  // json-glib recurses: a body of brackets would use up the stack
/// A page of 1000 fragments has some 7000; json-glib takes 200 to 500 bytes for each.
constexpr size_t kMaxValues = 100'000;
constexpr size_t kMaxReason = 200;
constexpr double kMaxWholeNumber = 9007199254740992.0;  // 2^53
constexpr double kMaxSeconds = kMaxUnixMillis / 1000;

Error notJson(const std::string& why) {
  return makeError(ErrorKind::kDecode, "the answer is not valid JSON: " + oneLine(why, kMaxReason));
}

/// What json-glib does not see to by itself; null if there is nothing wrong.
const char* shapeError(const std::string& text) {
  int depth = 0;
  size_t values = 0;
  bool inString = false;
  bool isOver = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\0') {
      return "it has a NUL in it";
    }
    if (isOver && std::string_view(" \t\r\n").find(c) == std::string_view::npos) {
      return "it goes on after its end";
    }
    if (inString && c == '\\') {
      ++i;
    } else if (c == '"') {
      inString = !inString;
    } else if (!inString && c == ',') {
      if (++values > kMaxValues) {
        return "it has too many values";
      }
    } else if (!inString && (c == '{' || c == '[')) {
      if (++depth > kMaxDepth) {
        return "it is nested too deeply";
      }
    } else if (!inString && (c == '}' || c == ']')) {
      isOver = --depth == 0;
    }
  }
  return nullptr;
}

bool isNumber(JsonNode* node) {
  return node != nullptr && JSON_NODE_HOLDS_VALUE(node) &&
         (json_node_get_value_type(node) == G_TYPE_INT64 ||
          json_node_get_value_type(node) == G_TYPE_DOUBLE);
}

}  // namespace

JsonNode* JsonObjectView::find(const char* member) const {
  JsonNode* const node = json_object_get_member(object_, member);
  return node != nullptr && !JSON_NODE_HOLDS_NULL(node) ? node : nullptr;
}

Error JsonObjectView::bad(const char* member, const char* expected) const {
  return makeError(ErrorKind::kDecode, path_ + member + " in the answer is " +
                                           (find(member) == nullptr ? "missing" : "not ") +
                                           (find(member) == nullptr ? "" : expected));
}

bool JsonObjectView::has(const char* member) const { return find(member) != nullptr; }

bool JsonObjectView::mentions(const char* member) const {
  return json_object_has_member(object_, member) != FALSE;
}

Result<std::string> JsonObjectView::optionalString(const char* member) const {
  return has(member) ? string(member) : std::string();
}

Result<std::string> JsonObjectView::string(const char* member) const {
  JsonNode* const node = find(member);
  if (node == nullptr || !JSON_NODE_HOLDS_VALUE(node) ||
      json_node_get_value_type(node) != G_TYPE_STRING) {
    return bad(member, "a string");
  }
  return validUtf8(json_node_get_string(node));  // "\\ud83d" alone is no character
}

Result<double> JsonObjectView::number(const char* member) const {
  JsonNode* const node = find(member);
  if (!isNumber(node)) {
    return bad(member, "a number");
  }
  return json_node_get_double(node);
}

Result<uint64_t> JsonObjectView::wholeNumber(const char* member) const {
  const Result<double> value = number(member);
  if (!value) {
    return value.error();
  }
  if (!(*value >= 0 && *value <= kMaxWholeNumber) || std::trunc(*value) != *value) {
    return bad(member, "a whole number from 0 to 2^53");
  }
  return static_cast<uint64_t>(*value);
}

Result<UnixTime> JsonObjectView::time(const char* member) const {
  const Result<double> seconds = number(member);
  if (!seconds) {
    return seconds.error();
  }
  if (!(*seconds >= 0 && *seconds <= kMaxSeconds)) {  // also refuses NaN
    return bad(member, "a time in seconds from 1970 to 2262");
  }
  return unixTimeFromMillis(std::llround(*seconds * 1000));
}

Result<std::optional<JsonObjectView>> JsonObjectView::optionalObject(const char* member) const {
  JsonNode* const node = find(member);
  if (node == nullptr) {
    return std::optional<JsonObjectView>();
  }
  if (!JSON_NODE_HOLDS_OBJECT(node)) {
    return bad(member, "an object");
  }
  return std::make_optional<JsonObjectView>(json_node_get_object(node), path_ + member + ".");
}

Result<std::vector<JsonObjectView>> JsonObjectView::optionalObjects(const char* member) const {
  std::vector<JsonObjectView> objects;
  JsonNode* const node = find(member);
  if (node == nullptr) {
    return objects;
  }
  if (!JSON_NODE_HOLDS_ARRAY(node)) {
    return bad(member, "an array");
  }
  JsonArray* const array = json_node_get_array(node);
  const guint length = json_array_get_length(array);
  objects.reserve(length);
  for (guint i = 0; i < length; ++i) {
    JsonNode* const element = json_array_get_element(array, i);
    const std::string path = path_ + member + "[" + std::to_string(i) + "]";
    if (!JSON_NODE_HOLDS_OBJECT(element)) {
      return makeError(ErrorKind::kDecode, path + " in the answer is not an object");
    }
    objects.emplace_back(json_node_get_object(element), path + ".");
  }
  return objects;
}

Result<JsonDocument> JsonDocument::parse(const std::string& text) {
  if (const char* const why = shapeError(text)) {
    return notJson(why);
  }
  const CPtr<JsonParser, g_object_unref> parser(json_parser_new());
  GError* rawError = nullptr;
  const bool parsed = json_parser_load_from_data(parser.get(), text.data(),
                                                 static_cast<gssize>(text.size()), &rawError);
  const CPtr<GError, g_error_free> error(rawError);
  if (!parsed) {
    return notJson(error->message);
  }
  JsonNode* const root = json_parser_get_root(parser.get());
  if (root == nullptr || !JSON_NODE_HOLDS_OBJECT(root)) {
    return notJson("it is no object");
  }
  return JsonDocument(json_parser_steal_root(parser.get()));
}

JsonObjectView JsonDocument::root() const {
  return JsonObjectView(json_node_get_object(root_.get()), "");
}

void JsonDocument::NodeDeleter::operator()(JsonNode* node) const { json_node_unref(node); }

}  // namespace kvsarchive
