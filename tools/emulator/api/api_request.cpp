// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/api_request.h"

#include <algorithm>
#include <cmath>

#include "base/json_reader.h"

namespace kvsemulator {
namespace {

constexpr const char* kSerialization = "SerializationException";

bool holds(JsonNode* node, GType type) {
  return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type;
}

/// "maxResults" for "MaxResults": so the service's messages name members.
std::string memberName(std::string name) {
  name[0] = static_cast<char>(g_ascii_tolower(name[0]));
  return name;
}

}  // namespace

ApiRequest::ApiRequest(const std::string& body) {
  auto root = parseJsonObject(body.empty() ? "{}" : body);
  if (!root) {
    reject({400, kSerialization, "Could not parse request body into json", false});
    root = parseJsonObject("{}");
  }
  root_ = std::shared_ptr<JsonNode>(root->release(), json_node_unref);
}

std::optional<std::string> ApiRequest::text(const char* name, const TextRule& rule) {
  JsonNode* node = find(name);
  if (!node) {
    return std::nullopt;
  }
  if (!holds(node, G_TYPE_STRING)) {
    rejectType(name);
    return std::nullopt;
  }
  std::string value = json_node_get_string(node);
  if (!checkText(name, value, rule)) {
    return std::nullopt;
  }
  return value;
}

std::optional<std::string> ApiRequest::choice(const char* name,
                                              const std::vector<std::string>& values) {
  auto value = text(name, {0, 256, ".*"});
  if (!value || std::find(values.begin(), values.end(), *value) != values.end()) {
    return value;
  }
  std::string list;
  for (const std::string& known : values) {
    list += (list.empty() ? "" : ", ") + known;
  }
  rejectValue(*value, name, "Member must satisfy enum value set: [" + list + "]");
  return std::nullopt;
}

std::optional<int64_t> ApiRequest::integer(const char* name, int64_t min, int64_t max) {
  JsonNode* node = find(name);
  if (!node) {
    return std::nullopt;
  }
  if (!holds(node, G_TYPE_INT64)) {
    rejectType(name);
    return std::nullopt;
  }
  const int64_t value = json_node_get_int(node);
  if (value < min || value > max) {
    rejectValue(std::to_string(value), name,
                value < min
                    ? "Member must have value greater than or equal to " + std::to_string(min)
                    : "Member must have value less than or equal to " + std::to_string(max));
    return std::nullopt;
  }
  return value;
}

std::optional<int64_t> ApiRequest::timestampMs(const char* name) {
  JsonNode* node = find(name);
  if (!node) {
    return std::nullopt;
  }
  if (!holds(node, G_TYPE_INT64) && !holds(node, G_TYPE_DOUBLE)) {
    rejectType(name);
    return std::nullopt;
  }
  const double seconds = json_node_get_double(node);
  if (!(std::fabs(seconds) < 1e15)) {
    rejectType(name);
    return std::nullopt;
  }
  return std::llround(seconds * 1000);
}

std::optional<std::vector<std::string>> ApiRequest::texts(const char* name, const TextRule& rule,
                                                          size_t minCount, size_t maxCount) {
  JsonNode* node = find(name);
  if (!node) {
    return std::nullopt;
  }
  if (!JSON_NODE_HOLDS_ARRAY(node)) {
    rejectType(name);
    return std::nullopt;
  }
  std::vector<std::string> list;
  JsonArray* array = json_node_get_array(node);
  for (guint i = 0; i < json_array_get_length(array); ++i) {
    JsonNode* element = json_array_get_element(array, i);
    if (!holds(element, G_TYPE_STRING)) {
      rejectType(name);
      return std::nullopt;
    }
    list.emplace_back(json_node_get_string(element));
    if (!checkText(name, list.back(), rule)) {
      return std::nullopt;
    }
  }
  if (list.size() < minCount || list.size() > maxCount) {
    rejectValue("[...]", name,
                list.size() < minCount
                    ? "Member must have length greater than or equal to " + std::to_string(minCount)
                    : "Member must have length less than or equal to " + std::to_string(maxCount));
    return std::nullopt;
  }
  return list;
}

std::optional<ApiRequest> ApiRequest::object(const char* name) {
  JsonNode* node = find(name);
  if (!node) {
    return std::nullopt;
  }
  if (!JSON_NODE_HOLDS_OBJECT(node)) {
    rejectType(name);
    return std::nullopt;
  }
  ApiRequest request;
  request.root_ = std::shared_ptr<JsonNode>(json_node_ref(node), json_node_unref);
  request.error_ = error_;
  return request;
}

void ApiRequest::requireMember(const char* name) {
  if (!find(name)) {
    rejectValue("null", name, "Member must not be null");
  }
}

void ApiRequest::reject(ApiError error) {
  if (!error_->has_value()) {
    *error_ = std::move(error);
  }
}

JsonNode* ApiRequest::find(const char* name) const {
  JsonNode* node = json_object_get_member(json_node_get_object(root_.get()), name);
  return node && !JSON_NODE_HOLDS_NULL(node) ? node : nullptr;
}

bool ApiRequest::checkText(const char* name, const std::string& value, const TextRule& rule) {
  std::string broken;
  if (value.size() < rule.minLength) {
    broken = "Member must have length greater than or equal to " + std::to_string(rule.minLength);
  } else if (value.size() > rule.maxLength) {
    broken = "Member must have length less than or equal to " + std::to_string(rule.maxLength);
  } else if (!g_regex_match_simple((std::string("^(?:") + rule.pattern + ")\\z").c_str(),
                                   value.c_str(), G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT)) {
    broken = std::string("Member must satisfy regular expression pattern: ") + rule.pattern;
  }
  if (!broken.empty()) {
    rejectValue(value, name, broken);
  }
  return broken.empty();
}

void ApiRequest::rejectType(const char* name) {
  reject({400, kSerialization,
          std::string("Value of '") + name + "' can not be converted to its type", false});
}

void ApiRequest::rejectValue(const std::string& value, const char* name, const std::string& rule) {
  reject(invalidArgument("1 validation error detected: Value '" + value + "' at '" +
                         memberName(name) + "' failed to satisfy constraint: " + rule)
             .error);
}

}  // namespace kvsemulator
