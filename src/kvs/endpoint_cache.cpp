// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/endpoint_cache.h"

#include "base/shared_by_name.h"

namespace kvsarchive::kvs {

std::shared_ptr<EndpointCache> EndpointCache::of(const std::string& name) {
  static SharedByName<EndpointCache> known;
  return known.get(name, [] { return std::make_shared<EndpointCache>(); });
}

std::optional<std::string> EndpointCache::find(const std::string& apiName) {
  auto urls = urls_.lock();
  const auto known = urls->find(apiName);
  return known != urls->end() ? std::make_optional(known->second) : std::nullopt;
}

void EndpointCache::put(const std::string& apiName, const std::string& url) {
  (*urls_.lock())[apiName] = url;
}

void EndpointCache::forget(const std::string& apiName, const std::string& url) {
  auto urls = urls_.lock();
  const auto known = urls->find(apiName);
  if (known != urls->end() && known->second == url) {
    urls->erase(known);
  }
}

}  // namespace kvsarchive::kvs
