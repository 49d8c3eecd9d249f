// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/guarded.h"

namespace kvsarchive::kvs {

/// Where the APIs of a stream are served, as far as the service was asked. Any thread.
class EndpointCache {
 public:
  /// The cache that all who name a stream and its credentials alike share: ten elements that begin
  /// together would use up the few GetDataEndpoint requests of several seconds.
  static std::shared_ptr<EndpointCache> of(const std::string& name);

  std::optional<std::string> find(const std::string& apiName);
  void put(const std::string& apiName, const std::string& url);
  /// Unless another URL has taken its place.
  void forget(const std::string& apiName, const std::string& url);

 private:
  Guarded<std::map<std::string, std::string>> urls_;
};

}  // namespace kvsarchive::kvs
