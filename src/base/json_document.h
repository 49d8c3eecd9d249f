// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unix_time.h"

struct _JsonNode;
struct _JsonObject;

namespace kvsarchive {

/// An object inside a JsonDocument, which must outlive it. A member that is null counts as absent.
/// Errors of all getters: kDecode, naming the member by its path.
class JsonObjectView {
 public:
  JsonObjectView(_JsonObject* object, std::string path) : object_(object), path_(std::move(path)) {}

  bool has(const char* member) const;
  /// Like has(), but true for null too.
  bool mentions(const char* member) const;

  /// Empty when absent.
  Result<std::string> optionalString(const char* member) const;
  Result<std::string> string(const char* member) const;
  /// A whole number from 0 to 2^53, also in a form such as 1.0E3.
  Result<uint64_t> wholeNumber(const char* member) const;
  /// Epoch seconds, rounded to milliseconds; years 1970 to 2262.
  Result<UnixTime> time(const char* member) const;
  /// Nothing when absent.
  Result<std::optional<JsonObjectView>> optionalObject(const char* member) const;
  /// Empty when absent.
  Result<std::vector<JsonObjectView>> optionalObjects(const char* member) const;

 private:
  _JsonNode* find(const char* member) const;
  Error bad(const char* member, const char* expected) const;
  Result<double> number(const char* member) const;

  _JsonObject* object_;
  std::string path_;
};

/// A JSON text, parsed. Its root is an object.
class JsonDocument {
 public:
  /// Errors: kDecode for what is no JSON object, or is nested deeper or has more values than any
  /// answer of the service.
  static Result<JsonDocument> parse(const std::string& text);

  JsonObjectView root() const;

 private:
  struct NodeDeleter {
    void operator()(_JsonNode* node) const;
  };
  explicit JsonDocument(_JsonNode* root) : root_(root) {}

  std::unique_ptr<_JsonNode, NodeDeleter> root_;
};

}  // namespace kvsarchive
