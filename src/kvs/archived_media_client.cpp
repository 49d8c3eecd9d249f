// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/archived_media_client.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "base/log.h"
#include "http/url.h"
#include "kvs/answers.h"
#include "kvs/operation.h"
#include "kvs/plain_http.h"
#include "kvs/requests.h"

namespace kvsarchive::kvs {
namespace {

using Quota = StreamPace::Quota;

/// A clip costs its fragments' metadata and their media.
ServiceCall::Price priceOfClip(double fragments) {
  ServiceCall::Price price{{Quota::kMetadataPoints, fragments}};
  for (double left = fragments - StreamPace::kInstalment; left > 0;
       left -= StreamPace::kInstalment) {
    price.push_back({Quota::kMediaPoints, std::min(left, StreamPace::kInstalment), false, true});
  }
  price.push_back({Quota::kMediaPoints, fragments});
  return price;
}

std::optional<uint64_t> lengthOf(const http::ResponseHead& head) {
  const std::string_view text = http::findHeader(head.headers, "Content-Length");
  uint64_t length = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), length);
  const bool isNumber = problem == std::errc() && end == text.data() + text.size();
  return isNumber ? std::make_optional(length) : std::nullopt;
}

}  // namespace

StreamPace::State ArchivedMediaClient::pace() {
  return core_.pace ? core_.pace->state(std::chrono::steady_clock::now()) : StreamPace::State();
}

std::unique_ptr<EndpointCall> ArchivedMediaClient::dataEndpoint(const std::string& apiName) {
  return std::make_unique<EndpointCall>(core_, apiName);
}

std::unique_ptr<ListCall> ArchivedMediaClient::listFragments(const FragmentSelector& selector,
                                                             int maxResults,
                                                             const std::string& nextToken) {
  const auto decode = [this](const Answer& answer) -> Result<FragmentPage> {
    const Result<JsonDocument> json = core_.sender.readJson(kListFragments, answer);
    if (!json) {
      return json.error();
    }
    Result<FragmentPage> page = decodeFragmentPage(json->root());
    if (!page) {
      return core_.sender.annotate(page.error(), kListFragments, &answer);
    }
    log::write(log::Level::kDebug, log::Area::kClient,
               "ListFragments: " + std::to_string(page->fragments.size()) + " fragments, " +
                   (page->nextToken.empty() ? "last page" : "more pages"));
    return page;
  };
  return std::make_unique<ListCall>(
      core_, kListFragments,
      listFragmentsBody(core_.options.stream, selector, maxResults, nextToken),
      ServiceCall::Price{{Quota::kMetadataPoints, static_cast<double>(maxResults), false}},
      http::Request::kReadAhead, nullptr, decode);
}

std::unique_ptr<MediaCall> ArchivedMediaClient::getMediaForFragmentList(
    const std::vector<std::string>& fragmentNumbers, size_t readAhead, http::RetryBudget& budget) {
  const auto decode = [this](Answer answer) {
    return takeBody(kGetMediaForFragmentList, std::move(answer));
  };
  return std::make_unique<MediaCall>(
      core_, kGetMediaForFragmentList,
      getMediaForFragmentListBody(core_.options.stream, fragmentNumbers),
      ServiceCall::Price{{Quota::kMediaPoints, static_cast<double>(fragmentNumbers.size()), true}},
      readAhead, &budget, decode);
}

std::unique_ptr<MediaCall> ArchivedMediaClient::getClip(const FragmentSelector& selector,
                                                        unsigned fragments, size_t readAhead,
                                                        http::RetryBudget& budget) {
  const auto decode = [this](Answer answer) { return takeBody(kGetClip, std::move(answer)); };
  return std::make_unique<MediaCall>(core_, kGetClip, getClipBody(core_.options.stream, selector),
                                     priceOfClip(fragments), readAhead, &budget, decode);
}

Result<std::unique_ptr<MediaBody>> ArchivedMediaClient::takeBody(const Operation& operation,
                                                                 Answer answer) const {
  Error request = core_.sender.annotate(Error(), operation, &answer);
  const auto length = lengthOf(answer.head);
  return std::make_unique<MediaBody>(std::move(answer.exchange), std::move(request), length);
}

std::unique_ptr<SessionUrlCall> ArchivedMediaClient::sessionUrl(const SessionRequest& request) {
  const SessionProtocol protocol = request.protocol;
  const Operation& operation =
      protocol == SessionProtocol::kHls ? kGetHlsStreamingSessionUrl : kGetDashStreamingSessionUrl;
  const auto decode = [this, protocol, &operation](const Answer& answer) -> Result<std::string> {
    const Result<JsonDocument> json = core_.sender.readJson(operation, answer);
    if (!json) {
      return json.error();
    }
    Result<std::string> url = decodeSessionUrl(json->root(), protocol);
    if (!url) {
      return core_.sender.annotate(url.error(), operation, &answer);
    }
    if (!http::parseUrl(*url)) {  // whose error quotes
      return core_.sender.annotate(
          makeError(ErrorKind::kDecode, "the session's URL in the answer can't be used"), operation,
          &answer);
    }
    if (!mayBeAsked(*url, core_.options.controlEndpoint)) {
      return core_.sender.annotate(
          makeError(ErrorKind::kOpenRead,
                    "the session's URL is not encrypted, and neither on this machine nor on the "
                    "control endpoint's host: nothing is sent to it"),
          operation, &answer);
    }
    return url;
  };
  return std::make_unique<SessionUrlCall>(core_, operation,
                                          sessionUrlBody(core_.options.stream, request),
                                          ServiceCall::Price{{Quota::kMetadataPoints, 1, false}},
                                          http::Request::kReadAhead, nullptr, decode);
}

}  // namespace kvsarchive::kvs
