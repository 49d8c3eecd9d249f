// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/operation.h"
#include "api/range_selector.h"
#include "clip/clip_cache.h"
#include "clip/clip_selection.h"

namespace kvsemulator {
namespace {

constexpr int64_t kLongestMs = 86'400'000;

std::optional<ApiError> checkRange(const ListingQuery& query, const Stream& stream, int64_t nowMs) {
  const int64_t retentionStartMs = stream.retentionStartMs(nowMs);
  if (!isKnownTime(query.startMs)) {
    return outsideRetention("Start", query.startMs).error;
  }
  if (!isKnownTime(query.endMs)) {
    return outsideRetention("End", query.endMs).error;
  }
  if (query.endMs <= query.startMs) {
    return invalidArgument("End timestamp must be after start timestamp.").error;
  }
  if (query.endMs - query.startMs > kLongestMs) {
    return invalidArgument("End timestamp must be within 24 hours of the start timestamp.").error;
  }
  if (!query.byServerTime) {
    return std::nullopt;
  }
  if (query.endMs > nowMs) {
    return invalidArgument("End timestamp must be in the past.").error;
  }
  if (query.endMs < retentionStartMs) {
    return outsideRetention("End", query.endMs).error;
  }
  if (query.startMs < retentionStartMs) {
    return outsideRetention("Start", query.startMs).error;
  }
  return std::nullopt;
}

}  // namespace

OperationResult getClip(const CallContext& context, ApiRequest& request) {
  request.requireMember("ClipFragmentSelector");
  const auto query = readRangeSelector(request, "ClipFragmentSelector");
  const Stream* stream = namedStream(context, request);
  if (!stream) {
    return Failure<ApiError>{*request.error()};
  }
  if (stream->options().retentionHours == 0) {
    return Failure<ApiError>{
        {400, "NoDataRetentionException", "The requested stream does not retain data.", false}};
  }
  if (auto error = checkRange(*query, *stream, context.nowMs)) {
    return Failure<ApiError>{*error};
  }
  const std::vector<Stream::Entry> fragments = selectClip(*stream, *query, context.nowMs);
  if (fragments.empty()) {
    return resourceNotFound("No fragments found in the stream for the clip request.");
  }
  for (const Stream::Entry& entry : fragments) {
    context.details.fragments.push_back(entry.info().number);
  }
  auto clip = context.clips.get(*stream, fragments);
  if (!clip) {
    return Failure<ApiError>{clip.error()};
  }
  Reply reply;
  reply.contentType = "video/mp4";
  reply.chunked = stream->options().clips.chunked;
  reply.parts.push_back({"", 0, [file = *clip] { return std::vector<Bytes>{file}; }});
  return reply;
}

}  // namespace kvsemulator
