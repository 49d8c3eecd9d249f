// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/operation.h"
#include "base/json_writer.h"

namespace kvsemulator {

OperationResult getDataEndpoint(const CallContext& context, ApiRequest& request) {
  request.requireMember("APIName");
  const auto api =
      request.choice("APIName", {"PUT_MEDIA", "GET_MEDIA", "LIST_FRAGMENTS",
                                 "GET_MEDIA_FOR_FRAGMENT_LIST", "GET_HLS_STREAMING_SESSION_URL",
                                 "GET_DASH_STREAMING_SESSION_URL", "GET_CLIP", "GET_IMAGES"});
  const Stream* stream = namedStream(context, request);
  if (!stream) {
    return Failure<ApiError>{*request.error()};
  }
  // The host as the client knows it, so that port forwarding and containers
  // work.
  const std::string host = context.http.header("host").value_or("");
  Reply reply;
  JsonWriter json;
  json.beginObject().key("DataEndpoint");
  json.text(context.http.scheme + "://" + host +
            context.endpoints.pathFor(stream->options().name, *api));
  reply.body = json.endObject().take();
  return reply;
}

}  // namespace kvsemulator
