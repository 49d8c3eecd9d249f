// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/fake_listing.h"

#include <algorithm>

#include "base/json_document.h"
#include "support/chunk_builder.h"

namespace kvsarchive::test {
namespace {

ListRequest readRequest(const std::string& body) {
  const auto json = JsonDocument::parse(body);
  const JsonObjectView root = json->root();
  const JsonObjectView selector = **root.optionalObject("FragmentSelector");
  const JsonObjectView range = **selector.optionalObject("TimestampRange");
  ListRequest request;
  request.byServer = *selector.string("FragmentSelectorType") == "SERVER_TIMESTAMP";
  request.start = toMillis(*range.time("StartTimestamp"));
  request.end = toMillis(*range.time("EndTimestamp"));
  request.maxResults = *root.wholeNumber("MaxResults");
  request.token = *root.optionalString("NextToken");
  return request;
}

FakeListing::Answer refusal(const std::string& message) {
  return {400, R"({"__type":"InvalidArgumentException","Message":")" + message + "\"}"};
}

std::string timeText(int64_t millis, int micros) {
  return epochText(millis) + std::to_string(1000 + micros).substr(1);
}

std::string fragmentText(const ListedFragment& fragment) {
  return "{\"FragmentNumber\":\"" + fragment.number +
         "\",\"FragmentSizeInBytes\":" + std::to_string(fragment.sizeBytes) +
         ",\"FragmentLengthInMilliseconds\":" + std::to_string(fragment.lengthMillis) +
         ",\"ProducerTimestamp\":" + timeText(fragment.producerMillis, fragment.micros) +
         ",\"ServerTimestamp\":" + timeText(fragment.serverMillis, fragment.micros) + "}";
}

}  // namespace

FakeListing::Answer FakeListing::answer(const std::string& requestBody) {
  const ListRequest request = readRequest(requestBody);
  requests_.push_back(request);
  const ListFault now = fault ? fault(request) : ListFault::kNone;
  if (now == ListFault::kFail) {
    return {500, R"({"__type":"InternalFailure","Message":"something broke"})"};
  }
  if (now == ListFault::kRefuse) {
    return refusal("refused by the test");
  }
  if (request.maxResults < 1 || request.maxResults > 1000 || request.start > request.end) {
    return refusal("a bad request");
  }
  if (request.byServer && request.end < retentionBegin) {
    return refusal("End timestamp " + std::to_string(request.end) +
                   " is outside of the stream retention period.");
  }
  Rest rest;
  if (request.token.empty()) {
    rest = select(request);
  } else {
    const auto known = rests_.find(request.token);
    if (known == rests_.end() || known->second.request.start != request.start ||
        known->second.request.end != request.end) {
      return refusal("a token of another listing");
    }
    rest = known->second;
  }
  return page(request, std::move(rest), now == ListFault::kRepeatToken);
}

FakeListing::Rest FakeListing::select(const ListRequest& request) {
  Rest rest;
  rest.request = request;
  for (size_t i = 0; i < fragments.size(); ++i) {
    const ListedFragment& fragment = fragments[i];
    const int64_t millis = request.byServer ? fragment.serverMillis : fragment.producerMillis;
    const int64_t end = request.end + slackMillis;
    const bool beforeEnd = millis < end || (millis == end && fragment.micros == 0);
    if (millis >= request.start - slackMillis && beforeEnd &&
        fragment.serverMillis >= retentionBegin) {
      rest.fragments.push_back(i);
    }
  }
  if (order == Order::kNone) {
    std::shuffle(rest.fragments.begin(), rest.fragments.end(), random_);
  } else if (order == Order::kEarliestFirst) {  // pages are taken from the back
    std::reverse(rest.fragments.begin(), rest.fragments.end());
  }
  return rest;
}

FakeListing::Answer FakeListing::page(const ListRequest& request, Rest rest, bool repeatToken) {
  size_t count = std::min<size_t>({rest.fragments.size(), pageLimit, request.maxResults});
  if (chance()) {
    count = random_() % (count + 1);
  }
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    text += (text.empty() ? "" : ",") + fragmentText(fragments[rest.fragments.back()]);
    rest.fragments.pop_back();
  }
  if (!rest.earlier.empty() && count < request.maxResults && chance()) {
    text += (text.empty() ? "" : ",") + rest.earlier;
  }
  if (count > 0) {
    rest.earlier = text.substr(0, text.find('}') + 1);
  }
  std::string token;
  if (repeatToken && !request.token.empty()) {
    token = request.token;
  } else if (!rest.fragments.empty() || chance()) {
    token = "token" + std::to_string(++rest.pages);  // the same whenever a listing starts over
    rests_[token] = std::move(rest);
  }
  return {200, "{\"Fragments\":[" + text +
                   "],\"NextToken\":" + (token.empty() ? "null" : "\"" + token + "\"") + "}"};
}

bool FakeListing::chance() { return random_() % 100 < oddPagesPercent; }

}  // namespace kvsarchive::test
