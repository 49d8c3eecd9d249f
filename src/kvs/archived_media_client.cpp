// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/archived_media_client.h"

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
      StreamPace::Cost{Quota::kMetadataPoints, static_cast<double>(maxResults), false},
      http::Request::kReadAhead, nullptr, decode);
}

std::unique_ptr<MediaCall> ArchivedMediaClient::getMediaForFragmentList(
    const std::vector<std::string>& fragmentNumbers, size_t readAhead, http::RetryBudget& budget) {
  const auto decode = [this](Answer answer) -> Result<std::unique_ptr<MediaBody>> {
    Error request = core_.sender.annotate(Error(), kGetMediaForFragmentList, &answer);
    return std::make_unique<MediaBody>(std::move(answer.exchange), std::move(request));
  };
  return std::make_unique<MediaCall>(
      core_, kGetMediaForFragmentList,
      getMediaForFragmentListBody(core_.options.stream, fragmentNumbers),
      StreamPace::Cost{Quota::kMediaPoints, static_cast<double>(fragmentNumbers.size()), true},
      readAhead, &budget, decode);
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
                                          StreamPace::Cost{Quota::kMetadataPoints, 1, false},
                                          http::Request::kReadAhead, nullptr, decode);
}

}  // namespace kvsarchive::kvs
