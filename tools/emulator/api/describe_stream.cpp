// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/operation.h"
#include "api/stream_info.h"

namespace kvsemulator {

OperationResult describeStream(const CallContext& context, ApiRequest& request) {
  const Stream* stream = namedStream(context, request);
  if (!stream) {
    return Failure<ApiError>{*request.error()};
  }
  JsonWriter json;
  json.beginObject().key("StreamInfo");
  writeStreamInfo(json, *stream);
  Reply reply;
  reply.body = json.endObject().take();
  return reply;
}

}  // namespace kvsemulator
