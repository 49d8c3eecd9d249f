// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <json-glib/json-glib.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/api_error.h"

namespace kvsemulator {

/// What the service's model says about a text.
struct TextRule {
  size_t minLength;
  size_t maxLength;
  const char* pattern;  ///< regular expression for the whole text
};

/// The JSON body of an operation, read with the type and constraint checks of
/// the service's model. The first thing wrong is kept in error(); members that
/// are missing, null or wrong are absent.
class ApiRequest {
 public:
  explicit ApiRequest(const std::string& body);

  std::optional<std::string> text(const char* name, const TextRule& rule);
  std::optional<std::string> choice(const char* name, const std::vector<std::string>& values);
  std::optional<int64_t> integer(const char* name, int64_t min, int64_t max);
  /// Epoch seconds with a fraction, as milliseconds.
  std::optional<int64_t> timestampMs(const char* name);
  std::optional<std::vector<std::string>> texts(const char* name, const TextRule& rule,
                                                size_t minCount, size_t maxCount);
  /// The object shares error() with this one.
  std::optional<ApiRequest> object(const char* name);

  /// For members that the model demands.
  void requireMember(const char* name);
  void reject(ApiError error);
  const std::optional<ApiError>& error() const { return *error_; }

 private:
  ApiRequest() = default;
  JsonNode* find(const char* name) const;
  bool checkText(const char* name, const std::string& value, const TextRule& rule);
  void rejectType(const char* name);
  void rejectValue(const std::string& value, const char* name, const std::string& rule);

  std::shared_ptr<JsonNode> root_;
  std::shared_ptr<std::optional<ApiError>> error_ = std::make_shared<std::optional<ApiError>>();
};

}  // namespace kvsemulator
