// SPDX-License-Identifier: LGPL-2.1-or-later
#include <charconv>
#include <memory>

#include "api/listing_answer.h"
#include "api/operation.h"
#include "api/page_token.h"
#include "api/range_selector.h"
#include "archive/listing.h"

namespace kvsemulator {
namespace {

constexpr int64_t kDefaultPage = 100;
constexpr const char* kTokenKind = "fragments";

struct Cursor {
  ListingQuery query;
  uint64_t from = 0;
};

template <typename T>
bool parseNumber(const std::string& text, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

std::vector<std::string> fieldsOf(const Stream& stream, const Cursor& cursor) {
  return {stream.options().name, cursor.query.byServerTime ? "server" : "producer",
          std::to_string(cursor.query.startMs), std::to_string(cursor.query.endMs),
          std::to_string(cursor.from)};
}

std::string tokenFor(const Stream& stream, const Cursor& cursor) {
  return makePageToken(kTokenKind, fieldsOf(stream, cursor));
}

/// One that was not given before.
std::string freshTokenFor(const Stream& stream, const Cursor& cursor) {
  static uint64_t counter = 0;
  std::vector<std::string> fields = fieldsOf(stream, cursor);
  fields.push_back(std::to_string(++counter));
  return makePageToken(kTokenKind, fields);
}

std::optional<Cursor> cursorOf(const std::string& token, const Stream& stream) {
  const auto fields = readPageToken(token, kTokenKind);
  Cursor cursor;
  if (!fields || fields->size() < 5 || (*fields)[0] != stream.options().name ||
      !parseNumber((*fields)[2], cursor.query.startMs) ||
      !parseNumber((*fields)[3], cursor.query.endMs) || !parseNumber((*fields)[4], cursor.from)) {
    return std::nullopt;
  }
  cursor.query.byServerTime = (*fields)[1] == "server";
  return cursor;
}

bool sameQuery(const ListingQuery& a, const ListingQuery& b) {
  return a.byServerTime == b.byServerTime && a.startMs == b.startMs && a.endMs == b.endMs;
}

std::optional<ApiError> checkRange(const ListingQuery& query, const Stream& stream, int64_t nowMs) {
  if (!isKnownTime(query.startMs)) {
    return outsideRetention("Start", query.startMs).error;
  }
  if (!isKnownTime(query.endMs)) {
    return outsideRetention("End", query.endMs).error;
  }
  if (query.startMs > query.endMs) {
    return invalidArgument("Start timestamp must not be after end timestamp.").error;
  }
  if (query.byServerTime && query.endMs < stream.retentionStartMs(nowMs)) {
    return outsideRetention("End", query.endMs).error;
  }
  return std::nullopt;
}

Reply pageReply(const Stream& stream, const Cursor& cursor, const std::string& askedToken,
                const ListingPage& page) {
  auto listing = std::make_shared<ListingAnswer>();
  for (const Stream::Entry& entry : page.entries) {
    listing->fragments.push_back(entry.info());
  }
  if (page.next) {
    listing->nextToken = tokenFor(stream, {cursor.query, *page.next});
  }
  listing->askedToken = askedToken;
  listing->samePageToken = freshTokenFor(stream, cursor);
  listing->firstPageToken = tokenFor(stream, {cursor.query, 0});
  Reply reply;
  reply.body = toJson(*listing);
  reply.listing = std::move(listing);
  return reply;
}

}  // namespace

OperationResult listFragments(const CallContext& context, ApiRequest& request) {
  const int64_t wanted = request.integer("MaxResults", 1, 1000).value_or(kDefaultPage);
  const auto token = request.text("NextToken", {1, 4096, "[a-zA-Z0-9+/]+={0,2}"});
  const auto selector = readRangeSelector(request, "FragmentSelector");
  context.details.maxResults = wanted;
  context.details.hasToken = token.has_value();
  const Stream* stream = namedStream(context, request);
  if (!stream) {
    return Failure<ApiError>{*request.error()};
  }
  Cursor cursor;
  if (token) {
    const auto stored = cursorOf(*token, *stream);
    if (!stored || (selector && !sameQuery(*selector, stored->query))) {
      return invalidToken();
    }
    cursor = *stored;
  } else if (selector) {
    cursor.query = *selector;
    if (auto error = checkRange(cursor.query, *stream, context.nowMs)) {
      return Failure<ApiError>{*error};
    }
  } else {
    return Failure<ApiError>{{500, "InternalFailure", "", false}};  // as the real service does
  }
  return pageReply(*stream, cursor, token.value_or(""),
                   listPage(*stream, cursor.query, cursor.from, wanted, context.nowMs));
}

}  // namespace kvsemulator
