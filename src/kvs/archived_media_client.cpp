// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/archived_media_client.h"

#include <utility>

#include "base/log.h"
#include "http/http_date.h"
#include "http/url.h"
#include "kvs/answers.h"
#include "kvs/requests.h"
#include "kvs/service_error.h"

namespace kvsarchive::kvs {
namespace {

bool isPlainHttp(const std::string& url) { return url.compare(0, 5, "http:") == 0; }

/// Nothing (more) may help.
Error asFinal(Error error) {
  error.recovery = Recovery::kNone;
  return error;
}

void logAgain(const Error& error, const std::string& how) {
  log::write(log::Level::kWarning, log::Area::kClient,
             error.operation + " failed, trying again " + how + ": " + error.message);
}

}  // namespace

ArchivedMediaClient::ArchivedMediaClient(ClientOptions options, http::Transport& transport,
                                         aws::CredentialsProvider& credentials, const Clock& clock)
    : options_(std::move(options)),
      credentials_(credentials),
      machineClock_(clock),
      clock_(clock),
      sender_(options_.stream.text(), options_.region, transport, credentials, clock_) {}

Result<std::string> ArchivedMediaClient::dataEndpoint(const std::string& apiName,
                                                      const CancelToken& cancel) {
  http::RetryBudget budget = newRetryBudget();
  Call call{budget, cancel};
  return persist<std::string>(call, [&] { return knownOrAskedEndpoint(apiName, call); });
}

Result<FragmentPage> ArchivedMediaClient::listFragments(const FragmentSelector& selector,
                                                        int maxResults,
                                                        const std::string& nextToken,
                                                        const CancelToken& cancel) {
  const std::string body = listFragmentsBody(options_.stream, selector, maxResults, nextToken);
  http::RetryBudget budget = newRetryBudget();
  Call call{budget, cancel};
  Result<FragmentPage> page =
      persist<FragmentPage>(call, [&] { return askFragmentPage(body, call); });
  if (page) {
    log::write(log::Level::kDebug, log::Area::kClient,
               "ListFragments: " + std::to_string(page->fragments.size()) + " fragments, " +
                   (page->nextToken.empty() ? "last page" : "more pages"));
  }
  return page;
}

Result<std::unique_ptr<MediaBody>> ArchivedMediaClient::getMediaForFragmentList(
    const std::vector<std::string>& fragmentNumbers, http::RetryBudget& budget,
    const CancelToken& cancel) {
  const std::string body = getMediaForFragmentListBody(options_.stream, fragmentNumbers);
  Call call{budget, cancel};
  return persist<std::unique_ptr<MediaBody>>(call, [&] { return askMedia(body, call); });
}

Result<std::string> ArchivedMediaClient::knownOrAskedEndpoint(const std::string& apiName,
                                                              Call& call) {
  {
    auto endpoints = endpoints_.lock();
    const auto known = endpoints->find(apiName);
    if (known != endpoints->end()) {
      return known->second;
    }
  }
  Result<std::string> endpoint = askDataEndpoint(apiName, call);
  if (endpoint) {
    log::write(log::Level::kDebug, log::Area::kClient, apiName + " is served by " + *endpoint);
    (*endpoints_.lock())[apiName] = *endpoint;
  }
  return endpoint;
}

Result<std::string> ArchivedMediaClient::askDataEndpoint(const std::string& apiName, Call& call) {
  const Operation& operation = kGetDataEndpoint;
  const auto answer = sender_.send(operation, options_.controlEndpoint,
                                   getDataEndpointBody(options_.stream, apiName), call);
  if (!answer) {
    return answer.error();
  }
  const Result<JsonDocument> json = sender_.readJson(operation, *answer, call.cancel);
  if (!json) {
    return json.error();
  }
  const Result<std::string> url = decodeDataEndpoint(json->root());
  if (!url) {
    return sender_.annotate(url.error(), operation, &*answer);
  }
  const Result<std::string> base = http::parseBaseUrl(*url);
  if (!base) {
    return sender_.annotate(makeError(ErrorKind::kDecode, base.error().message), operation,
                            &*answer);
  }
  if (isPlainHttp(*base) && !isPlainHttp(options_.controlEndpoint)) {
    return sender_.annotate(
        makeError(ErrorKind::kOpenRead, "the data endpoint " + *base +
                                            " is not encrypted, though the control endpoint is: "
                                            "nothing is sent to it"),
        operation, &*answer);
  }
  return *base;
}

Result<ServiceSender::Answer> ArchivedMediaClient::sendToData(const Operation& operation,
                                                              std::string body, Call& call) {
  const Result<std::string> endpoint = knownOrAskedEndpoint(operation.apiName, call);
  if (!endpoint) {
    return endpoint.error();
  }
  return sender_.send(operation, *endpoint, std::move(body), call);
}

Result<FragmentPage> ArchivedMediaClient::askFragmentPage(std::string body, Call& call) {
  const Operation& operation = kListFragments;
  const auto answer = sendToData(operation, std::move(body), call);
  if (!answer) {
    return answer.error();
  }
  const Result<JsonDocument> json = sender_.readJson(operation, *answer, call.cancel);
  if (!json) {
    return json.error();
  }
  Result<FragmentPage> page = decodeFragmentPage(json->root());
  if (!page) {
    return sender_.annotate(page.error(), operation, &*answer);
  }
  return page;
}

Result<std::unique_ptr<MediaBody>> ArchivedMediaClient::askMedia(std::string body, Call& call) {
  const Operation& operation = kGetMediaForFragmentList;
  auto answer = sendToData(operation, std::move(body), call);
  if (!answer) {
    return answer.error();
  }
  if (isTextual(answer->head)) {  // media is never text: an error under a good status
    return sender_.readError(operation, *answer, call.cancel);
  }
  Error request = sender_.annotate(Error(), operation, &*answer);
  return std::make_unique<MediaBody>(std::move(answer->exchange), std::move(request));
}

template <typename T, typename Attempt>
Result<T> ArchivedMediaClient::persist(Call& call, Attempt attempt) {
  for (;;) {
    Result<T> result = attempt();
    if (result || result.error().kind == ErrorKind::kCancelled) {
      return result;
    }
    Status again = recover(std::move(result.error()), call);
    if (!again) {
      return again.error();
    }
  }
}

Status ArchivedMediaClient::recover(Error error, Call& call) {
  switch (error.recovery) {
    case Recovery::kNone:
      return error;
    case Recovery::kRefreshCredentials:
      return refreshCredentials(error, call);
    case Recovery::kRefetchEndpoint:
      return refetchEndpoint(error, call);
    case Recovery::kCorrectClock:
      return correctClock(error, call);
    case Recovery::kRetry:
    case Recovery::kThrottle:
      break;
  }
  return backOff(error, call);
}

Status ArchivedMediaClient::refreshCredentials(const Error& error, Call& call) {
  if (std::exchange(call.refreshedCredentials, true)) {
    return asFinal(error);
  }
  credentials_.invalidate(call.credentials);
  const Result<aws::Credentials> fresh = credentials_.credentials(call.cancel);
  if (!fresh && fresh.error().kind == ErrorKind::kCancelled) {
    return fresh.error();
  }
  if (!fresh) {  // not tried again: providers do that by themselves
    Error told = asFinal(error);
    told.message += "; no others could be had: " + fresh.error().message;
    return told;
  }
  if (*fresh == call.credentials) {
    return asFinal(error);
  }
  logAgain(error, "with other credentials");
  return {};
}

Status ArchivedMediaClient::refetchEndpoint(const Error& error, Call& call) {
  if (call.apiName.empty() || std::exchange(call.refetchedEndpoint, true)) {
    return asFinal(error);
  }
  forgetEndpoint(call);
  logAgain(error, "at the endpoint that the service names now");
  return {};
}

Status ArchivedMediaClient::correctClock(const Error& error, Call& call) {
  const auto server = http::parseHttpDate(call.serverDate);
  if (!server || std::exchange(call.correctedClock, true) ||
      !clock_.correct(*server, call.signedAt)) {
    return asFinal(error);
  }
  logAgain(error, "with the service's time, \"" + call.serverDate + "\"");
  return {};
}

Status ArchivedMediaClient::backOff(const Error& error, Call& call) {
  const bool noAnswer = error.kind == ErrorKind::kOpenRead && error.httpStatus == 0;
  if (noAnswer) {
    forgetEndpoint(call);
  }
  const auto delay = call.budget.next(error.recovery);
  if (!delay) {
    return http::givenUp(error, call.budget);
  }
  logAgain(error, "in " + std::to_string(delay->count()) + " ms, after " +
                      std::to_string(call.budget.attempts()) + " attempts");
  if (!call.cancel.sleepFor(*delay)) {
    return cancelledError();
  }
  return {};
}

/// Forgets where the last request went, unless another call has put something else in its place.
void ArchivedMediaClient::forgetEndpoint(const Call& call) {
  auto endpoints = endpoints_.lock();
  const auto known = endpoints->find(call.apiName);
  if (known != endpoints->end() && known->second == call.endpoint) {
    endpoints->erase(known);
  }
}

}  // namespace kvsarchive::kvs
