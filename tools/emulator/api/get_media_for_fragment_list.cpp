// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/operation.h"
#include "matroska/chunk_header.h"

namespace kvsemulator {
namespace {

constexpr TextRule kNumberRule{1, 128, "[0-9]+"};
constexpr const char* kNotFoundCode = "FRAGMENT_NOT_FOUND";
constexpr int kNotFoundId = 3000;

BodyPart storedPart(const Stream::Entry& entry, size_t place) {
  return {entry.info().number, place, [entry] { return entry.recording->chunk(entry.index); }};
}

BodyPart missingPart(const std::string& number, size_t place, bool longTagNames) {
  return {number, place, [number, longTagNames] {
            return std::vector<Bytes>{
                Bytes::take(writeErrorChunk(number, kNotFoundCode, kNotFoundId, longTagNames))};
          }};
}

}  // namespace

OperationResult getMediaForFragmentList(const CallContext& context, ApiRequest& request) {
  request.requireMember("Fragments");
  const auto numbers = request.texts("Fragments", kNumberRule, 1, 1000);
  const Stream* stream = namedStream(context, request);
  if (!stream) {
    return Failure<ApiError>{*request.error()};
  }
  context.details.fragments = *numbers;
  Reply reply;
  reply.chunked = true;
  reply.contentType = "video/webm";  // whatever is in it; so does the service
  for (const std::string& number : *numbers) {
    const Stream::Entry* entry = stream->find(number);
    if (!entry && context.archive.ownerOf(number)) {
      return invalidArgument("Fragment numbers are invalid : " + number);
    }
    const bool kept = entry && stream->holds(*entry, context.nowMs);
    const size_t place = reply.parts.size() + 1;
    reply.parts.push_back(kept ? storedPart(*entry, place)
                               : missingPart(number, place, stream->options().longTagNames));
  }
  return reply;
}

}  // namespace kvsemulator
