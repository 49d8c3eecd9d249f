// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/operation.h"
#include "base/json_writer.h"
#include "session/session_store.h"

namespace kvsemulator {
namespace {

OperationResult openSession(const CallContext& context, ApiRequest& request,
                            SessionProtocol protocol, const char* manifest, const char* member) {
  const SessionOptions options = readSessionOptions(request, protocol);
  const Stream* stream = namedStream(context, request);
  if (!stream) {
    return Failure<ApiError>{*request.error()};
  }
  if (stream->options().retentionHours == 0) {
    return Failure<ApiError>{
        {400, "NoDataRetentionException", "The stream has no data retention.", false}};
  }
  if (auto error = checkSessionRange(options, *stream, context.nowMs)) {
    return Failure<ApiError>{std::move(*error)};
  }
  const std::string base = context.http.path.substr(0, context.http.path.rfind('/'));
  auto session = context.sessions.open(*stream, options, base, context.nowMs);
  if (!session) {
    return Failure<ApiError>{session.error()};
  }
  Reply reply;
  JsonWriter json;
  json.beginObject().key(member);
  json.text(context.http.scheme + "://" + context.http.header("host").value_or("") + base +
            manifest + "?SessionToken=" + (*session)->token);
  reply.body = json.endObject().take();
  return reply;
}

}  // namespace

OperationResult getHlsStreamingSessionUrl(const CallContext& context, ApiRequest& request) {
  return openSession(context, request, SessionProtocol::kHls, "/hls/v1/getHLSMasterPlaylist.m3u8",
                     "HLSStreamingSessionURL");
}

OperationResult getDashStreamingSessionUrl(const CallContext& context, ApiRequest& request) {
  return openSession(context, request, SessionProtocol::kDash, "/dash/v1/getDASHManifest.mpd",
                     "DASHStreamingSessionURL");
}

}  // namespace kvsemulator
