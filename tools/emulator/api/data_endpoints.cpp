// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/data_endpoints.h"

#include <cstdint>
#include <cstdio>

#include "base/random.h"

namespace kvsemulator {

std::string DataEndpoints::pathFor(const std::string& stream, const std::string& api) {
  if (flat_) {
    return "";
  }
  const bool isMedia = api == "PUT_MEDIA" || api == "GET_MEDIA";
  char path[16];
  std::snprintf(path, sizeof path, "/%c-%08x", isMedia ? 's' : 'b',
                static_cast<unsigned>(hashText(stream + "/" + api)));
  targets_[path] = {stream, api};
  return path;
}

const DataEndpoints::Target* DataEndpoints::find(const std::string& basePath) const {
  const auto found = targets_.find(basePath);
  return found == targets_.end() ? nullptr : &found->second;
}

}  // namespace kvsemulator
