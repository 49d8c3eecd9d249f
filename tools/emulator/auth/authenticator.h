// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/api_error.h"
#include "auth/authorization.h"
#include "auth/key_set.h"
#include "http/request.h"

namespace kvsemulator {

/// Decides who may ask: verifies AWS Signature Version 4 with the keys that are
/// accepted.
class Authenticator {
 public:
  /// `region` empty = any.
  Authenticator(std::vector<KeySet> keys, std::string region)
      : keys_(std::move(keys)), region_(std::move(region)) {}

  void setKeys(std::vector<KeySet> keys) { keys_ = std::move(keys); }
  /// What is wrong with the request's credentials; none = it is accepted.
  std::optional<ApiError> check(const Request& request, int64_t nowMs) const;

 private:
  std::optional<ApiError> checkToken(const KeySet& key, const Request& request,
                                     int64_t nowMs) const;
  std::optional<ApiError> checkScope(const Authorization& authorization,
                                     const std::string& date) const;

  std::vector<KeySet> keys_;
  std::string region_;
};

}  // namespace kvsemulator
