// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/data_endpoints.h"

#include <cstdint>
#include <cstdio>

#include "api/api_error.h"
#include "base/random.h"

namespace kvsemulator {

OldEndpoint readOldEndpoint(JsonReader& json) {
  return json.choice(
      "old", OldEndpoint::kAccessDenied,
      {{"access-denied", OldEndpoint::kAccessDenied}, {"reset", OldEndpoint::kReset}});
}

Reply oldEndpointReply(OldEndpoint old) {
  Reply reply = wrongEndpoint();
  if (old == OldEndpoint::kReset) {
    reply.delivery.breakOff = Break{AnswerStage::kBeforeHeaders, {}, true};
  }
  return reply;
}

std::string DataEndpoints::pathFor(const std::string& stream, const std::string& api) {
  if (flat_) {
    return "";
  }
  std::string& current = paths_[{stream, api}];
  if (current.empty()) {
    const bool isMedia = api == "PUT_MEDIA" || api == "GET_MEDIA";
    char path[16];
    std::snprintf(path, sizeof path, "/%c-%08x", isMedia ? 's' : 'b',
                  static_cast<unsigned>(hashText(stream + "/" + api, moves_)));
    current = path;
    targets_[path] = {stream, api, std::nullopt};
  }
  return current;
}

const DataEndpoints::Target* DataEndpoints::find(const std::string& basePath) const {
  const auto found = targets_.find(basePath);
  return found == targets_.end() ? nullptr : &found->second;
}

void DataEndpoints::move(const std::string& stream, OldEndpoint old) {
  ++moves_;
  for (auto path = paths_.begin(); path != paths_.end();) {
    if (!stream.empty() && stream != path->first.first) {
      ++path;
      continue;
    }
    targets_[path->second].moved = old;
    path = paths_.erase(path);
  }
}

}  // namespace kvsemulator
