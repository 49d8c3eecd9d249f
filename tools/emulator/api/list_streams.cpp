// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/operation.h"
#include "api/page_token.h"
#include "api/stream_info.h"

namespace kvsemulator {
namespace {

constexpr int64_t kDefaultPage = 10;  // what the service does; its documentation says 10000
constexpr const char* kTokenKind = "streams";

std::string prefixCondition(ApiRequest& request) {
  auto condition = request.object("StreamNameCondition");
  if (!condition) {
    return "";
  }
  condition->choice("ComparisonOperator", {"BEGINS_WITH"});
  return condition->text("ComparisonValue", {1, 256, "[a-zA-Z0-9_.-]+"}).value_or("");
}

}  // namespace

OperationResult listStreams(const CallContext& context, ApiRequest& request) {
  const int64_t wanted = request.integer("MaxResults", 1, 10000).value_or(kDefaultPage);
  const auto token = request.text("NextToken", {0, 512, "[a-zA-Z0-9+/=]*"});
  const std::string prefix = prefixCondition(request);
  context.details.maxResults = wanted;
  if (request.error()) {
    return Failure<ApiError>{*request.error()};
  }
  std::string after;
  if (token && !token->empty()) {
    const auto fields = readPageToken(*token, kTokenKind);
    if (!fields || fields->size() != 1) {
      return invalidArgument("The NextToken is not valid.");
    }
    after = fields->front();
  }
  const auto& streams = context.archive.streams();
  size_t next = 0;
  while (!after.empty() && next < streams.size() && streams[next++]->options().name != after) {
  }
  JsonWriter json;
  json.beginObject();
  std::string last;
  std::string nextToken;
  JsonWriter list;
  list.beginArray();
  for (int64_t count = 0; next < streams.size(); ++next) {
    const std::string& name = streams[next]->options().name;
    if (name.rfind(prefix, 0) != 0) {
      continue;
    }
    if (count++ == wanted) {
      nextToken = makePageToken(kTokenKind, {last});
      break;
    }
    writeStreamInfo(list, *streams[next]);
    last = name;
  }
  json.key("NextToken");
  nextToken.empty() ? json.null() : json.text(nextToken);
  json.key("StreamInfoList").raw(list.endArray().take());
  Reply reply;
  reply.body = json.endObject().take();
  return reply;
}

}  // namespace kvsemulator
