// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/service_call.h"

#include <utility>

#include "base/log.h"
#include "http/http_date.h"
#include "http/url.h"
#include "kvs/answers.h"
#include "kvs/plain_http.h"
#include "kvs/requests.h"
#include "kvs/service_error.h"

namespace kvsarchive::kvs {
namespace {

using std::chrono::steady_clock;

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

ServiceCall::ServiceCall(ClientCore& core, const Operation& operation, std::string body,
                         Price price, size_t readAhead, http::RetryBudget& budget)
    : core_(core),
      operation_(operation),
      body_(std::move(body)),
      price_(std::move(price)),
      readAhead_(readAhead),
      budget_(budget) {}

std::optional<Result<Answer>> ServiceCall::poll(const CancelToken& cancel) {
  return persist<Answer>(cancel, [&] { return answer(cancel); });
}

std::optional<Result<std::string>> ServiceCall::pollEndpoint(const std::string& apiName,
                                                             const CancelToken& cancel) {
  return persist<std::string>(cancel, [&] { return endpoint(apiName, cancel); });
}

/// Makes attempts until one succeeds or nothing is left that may help.
template <typename T, typename Try>
std::optional<Result<T>> ServiceCall::persist(const CancelToken& cancel, Try attempt) {
  for (;;) {
    // What waits for a quota asks at each poll: the bell may have rung because there is room.
    if (notBefore_ && !waitsForQuota_ && steady_clock::now() < *notBefore_) {
      return std::nullopt;
    }
    notBefore_.reset();
    std::optional<Result<T>> result = attempt();
    if (!result || *result || result->error().kind == ErrorKind::kCancelled) {
      return result;
    }
    Status again = recover(std::move(result->error()), cancel);
    if (!again) {
      return Result<T>(std::move(again.error()));
    }
  }
}

std::optional<Result<Answer>> ServiceCall::answer(const CancelToken& cancel) {
  if (!attempt_) {
    const auto url = endpoint(operation_.apiName, cancel);
    if (!url) {
      return std::nullopt;
    }
    if (!*url) {
      return Result<Answer>(url->error());
    }
    std::shared_ptr<http::Lease> lease;
    if (!pay(&lease)) {
      return std::nullopt;
    }
    auto begun =
        core_.sender.begin(operation_, **url, body_, readAhead_, std::move(lease), &sent_, cancel);
    if (!begun) {
      return Result<Answer>(std::move(begun.error()));
    }
    attempt_ = std::move(*begun);
  }
  auto answered = core_.sender.poll(operation_, *attempt_, &sent_, cancel);
  if (answered && (*answered || answered->error().kind != ErrorKind::kCancelled)) {
    attempt_.reset();
  }
  return answered;
}

std::optional<Result<std::string>> ServiceCall::endpoint(const std::string& apiName,
                                                         const CancelToken& cancel) {
  const Operation& operation = kGetDataEndpoint;
  if (!endpointAttempt_) {
    if (const auto known = core_.endpoints->find(apiName)) {
      return Result<std::string>(*known);
    }
    if (!admit({StreamPace::Quota::kEndpointRequests, 1, false}, nullptr)) {
      return std::nullopt;
    }
    auto begun = core_.sender.begin(operation, core_.options.controlEndpoint,
                                    getDataEndpointBody(core_.options.stream, apiName),
                                    http::Request::kReadAhead, nullptr, &sent_, cancel);
    if (!begun) {
      return Result<std::string>(std::move(begun.error()));
    }
    endpointAttempt_ = std::move(*begun);
  }
  const auto answered = core_.sender.poll(operation, *endpointAttempt_, &sent_, cancel);
  if (!answered) {
    return std::nullopt;
  }
  if (!*answered && answered->error().kind == ErrorKind::kCancelled) {
    return Result<std::string>(answered->error());
  }
  endpointAttempt_.reset();
  if (!*answered) {
    return Result<std::string>(answered->error());
  }
  Result<std::string> url = readEndpoint(**answered);
  if (url) {
    log::write(log::Level::kDebug, log::Area::kClient, apiName + " is served by " + *url);
    core_.endpoints->put(apiName, *url);
  }
  return url;
}

Result<std::string> ServiceCall::readEndpoint(const Answer& answer) const {
  const Operation& operation = kGetDataEndpoint;
  const Result<JsonDocument> json = core_.sender.readJson(operation, answer);
  if (!json) {
    return json.error();
  }
  const Result<std::string> url = decodeDataEndpoint(json->root());
  if (!url) {
    return core_.sender.annotate(url.error(), operation, &answer);
  }
  if (ServiceSender::repeatsSecrets(*url, answer)) {
    return core_.sender.annotate(
        makeError(ErrorKind::kDecode, "the data endpoint has parts of the request in it"),
        operation, &answer);
  }
  const Result<std::string> base = http::parseBaseUrl(*url);
  if (!base) {
    return core_.sender.annotate(makeError(ErrorKind::kDecode, base.error().message), operation,
                                 &answer);
  }
  if (!mayBeAsked(*base, core_.options.controlEndpoint)) {
    return core_.sender.annotate(
        makeError(ErrorKind::kOpenRead, "the data endpoint " + *base +
                                            " is not encrypted, and neither on this machine nor on "
                                            "the control endpoint's host: nothing is sent to it"),
        operation, &answer);
  }
  return *base;
}

/// The whole price; false while a part of it has to be waited for.
bool ServiceCall::pay(std::shared_ptr<http::Lease>* lease) {
  const bool isAdvanceDue = paid_ > 0 || !core_.pace || !core_.pace->hasRested(steady_clock::now());
  for (; paid_ < price_.size(); ++paid_) {
    const StreamPace::Cost& cost = price_[paid_];
    if ((isAdvanceDue || !cost.inAdvance) && !admit(cost, lease)) {
      return false;
    }
  }
  paid_ = 0;
  return true;
}

bool ServiceCall::admit(const StreamPace::Cost& cost, std::shared_ptr<http::Lease>* lease) {
  if (!core_.pace) {
    return true;
  }
  auto admission = core_.pace->admit(cost, steady_clock::now());
  waitsForQuota_ = !admission.admitted;
  waitsForConnection_ = admission.noConnection;
  if (!admission.admitted) {
    notBefore_ = admission.askAgain;
    return false;
  }
  if (lease != nullptr) {
    *lease = std::move(admission.lease);
  }
  return true;
}

Status ServiceCall::recover(Error error, const CancelToken& cancel) {
  if (error.recovery == Recovery::kNone) {
    return error;
  }
  core_.retries.lock()->count(error, sent_.wasSent);
  switch (error.recovery) {
    case Recovery::kNone:
      break;
    case Recovery::kRefreshCredentials:
      return refreshCredentials(error, cancel);
    case Recovery::kRefetchEndpoint:
      return refetchEndpoint(error);
    case Recovery::kCorrectClock:
      return correctClock(error);
    case Recovery::kRetry:
    case Recovery::kResume:
    case Recovery::kThrottle:
      break;
  }
  return backOff(error);
}

Status ServiceCall::refreshCredentials(const Error& error, const CancelToken& cancel) {
  if (std::exchange(refreshedCredentials_, true)) {
    return asFinal(error);
  }
  core_.credentials.invalidate(sent_.credentials);
  const Result<aws::Credentials> fresh = core_.credentials.credentials(cancel);
  if (!fresh && fresh.error().kind == ErrorKind::kCancelled) {
    return fresh.error();
  }
  if (!fresh) {  // a source that is down for a while may be back in time
    Error told = error;
    told.recovery = fresh.error().recovery;
    told.message += "; no others could be had: " + fresh.error().message;
    return backOff(told);
  }
  if (*fresh == sent_.credentials) {
    return asFinal(error);
  }
  logAgain(error, "with other credentials");
  return {};
}

Status ServiceCall::refetchEndpoint(const Error& error) {
  if (sent_.apiName.empty() || std::exchange(refetchedEndpoint_, true)) {
    return asFinal(error);
  }
  core_.endpoints->forget(sent_.apiName, sent_.endpoint);
  logAgain(error, "at the endpoint that the service names now");
  return {};
}

Status ServiceCall::correctClock(const Error& error) {
  const auto server = http::parseHttpDate(sent_.serverDate);
  if (!server || std::exchange(correctedClock_, true) ||
      !core_.clock.correct(*server, sent_.signedAt)) {
    return asFinal(error);
  }
  logAgain(error, "with the service's time, \"" + sent_.serverDate + "\"");
  return {};
}

Status ServiceCall::backOff(const Error& error) {
  const bool noAnswer = error.kind == ErrorKind::kOpenRead && error.httpStatus == 0;
  if (noAnswer) {
    core_.endpoints->forget(sent_.apiName, sent_.endpoint);
  }
  if (core_.pace && sent_.wasSent && isThrottled(error)) {
    core_.pace->throttled(isOfTooManyConnections(error), steady_clock::now());
  }
  const auto delay = budget_.next(error.recovery);
  if (!delay) {
    return http::givenUp(error, budget_);
  }
  logAgain(error, "in " + std::to_string(delay->count()) + " ms, after " +
                      std::to_string(budget_.attempts()) + " attempts");
  notBefore_ = steady_clock::now() + *delay;
  return {};
}

}  // namespace kvsarchive::kvs
