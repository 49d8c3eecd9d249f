// SPDX-License-Identifier: LGPL-2.1-or-later
#include <charconv>
#include <memory>

#include "api/listing_answer.h"
#include "api/operation.h"
#include "api/page_token.h"
#include "archive/listing.h"

namespace kvsemulator {
namespace {

constexpr int64_t kDefaultPage = 100;
constexpr int64_t kLastTimestampMs = 253'402'300'799'999;  // end of the year 9999
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

/// Reads FragmentSelector; none if it is absent or wrong.
std::optional<ListingQuery> readSelector(ApiRequest& request) {
  auto selector = request.object("FragmentSelector");
  if (!selector) {
    return std::nullopt;
  }
  selector->requireMember("FragmentSelectorType");
  selector->requireMember("TimestampRange");
  const auto type =
      selector->choice("FragmentSelectorType", {"PRODUCER_TIMESTAMP", "SERVER_TIMESTAMP"});
  auto range = selector->object("TimestampRange");
  if (!range || !type) {
    return std::nullopt;
  }
  range->requireMember("StartTimestamp");
  range->requireMember("EndTimestamp");
  const auto start = range->timestampMs("StartTimestamp");
  const auto end = range->timestampMs("EndTimestamp");
  if (!start || !end) {
    return std::nullopt;
  }
  return ListingQuery{*type == "SERVER_TIMESTAMP", *start, *end};
}

std::optional<ApiError> checkRange(const ListingQuery& query, const Stream& stream, int64_t nowMs) {
  const auto outside = [&](const char* which, int64_t ms) {
    return invalidArgument(std::string(which) + " timestamp " + std::to_string(ms) +
                           " is outside of the stream retention period.")
        .error;
  };
  // A client that sends milliseconds for seconds ends up here.
  if (query.startMs > kLastTimestampMs || query.startMs < 0) {
    return outside("Start", query.startMs);
  }
  if (query.endMs > kLastTimestampMs || query.endMs < 0) {
    return outside("End", query.endMs);
  }
  if (query.startMs > query.endMs) {
    return invalidArgument("Start timestamp must not be after end timestamp.").error;
  }
  if (query.byServerTime && query.endMs < stream.retentionStartMs(nowMs)) {
    return outside("End", query.endMs);
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
  const auto selector = readSelector(request);
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
