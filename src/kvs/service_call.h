// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cancel_token.h"
#include "base/result.h"
#include "http/retry_policy.h"
#include "kvs/attempt.h"
#include "kvs/client_core.h"
#include "kvs/operation.h"
#include "kvs/sent_request.h"
#include "kvs/stream_pace.h"

namespace kvsarchive::kvs {

/// One call of the client over all of its attempts: finds the endpoint, keeps the stream's pace,
/// sends, and tries again what may help. It goes on by being polled, and never blocks but for
/// credentials. One thread.
class ServiceCall {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// What the operation itself costs, paid one after the other; a connection only with the last.
  using Price = std::vector<StreamPace::Cost>;

  /// `budget` and `core` must outlive the call. `readAhead`: as http::Request has it.
  ServiceCall(ClientCore& core, const Operation& operation, std::string body, Price price,
              size_t readAhead, http::RetryBudget& budget);

  /// A good answer, or what is final; no value while there is neither. After kCancelled nothing is
  /// lost.
  std::optional<Result<Answer>> poll(const CancelToken& cancel);

  /// Does what may help against an error, which may be that a good answer was none; returns an
  /// error if another attempt makes no sense.
  Status recover(Error error, const CancelToken& cancel);

  /// The endpoint of an API alone, as poll().
  std::optional<Result<std::string>> pollEndpoint(const std::string& apiName,
                                                  const CancelToken& cancel);

  /// When poll() has to be called again at the latest; nothing while only an answer is waited for.
  std::optional<TimePoint> wakeAt() const { return notBefore_; }

  /// It could be sent, but for the quotas of the stream.
  bool waitsForQuota() const { return waitsForQuota_; }
  /// The same, and it is for the connections.
  bool waitsForConnection() const { return waitsForConnection_; }
  /// Of an answer that poll() has not seen yet: received.
  size_t waitingBytes() const { return attempt_ ? attempt_->waitingBytes() : 0; }

 private:
  template <typename T, typename Try>
  std::optional<Result<T>> persist(const CancelToken& cancel, Try attempt);
  std::optional<Result<Answer>> answer(const CancelToken& cancel);
  std::optional<Result<std::string>> endpoint(const std::string& apiName,
                                              const CancelToken& cancel);
  Result<std::string> readEndpoint(const Answer& answer) const;
  bool pay(std::shared_ptr<http::Lease>* lease);
  bool admit(const StreamPace::Cost& cost, std::shared_ptr<http::Lease>* lease);

  Status refreshCredentials(const Error& error, const CancelToken& cancel);
  Status refetchEndpoint(const Error& error);
  Status correctClock(const Error& error);
  Status backOff(const Error& error);

  ClientCore& core_;
  const Operation operation_;
  const std::string body_;
  const Price price_;
  size_t paid_ = 0;  ///< costs of the price, for the next attempt
  const size_t readAhead_;
  http::RetryBudget& budget_;

  std::unique_ptr<Attempt> attempt_;
  std::unique_ptr<Attempt> endpointAttempt_;
  SentRequest sent_;
  std::optional<TimePoint> notBefore_;
  bool waitsForQuota_ = false;
  bool waitsForConnection_ = false;

  // What helps at once or not at all, and so is tried once per call.
  bool refreshedCredentials_ = false;
  bool refetchedEndpoint_ = false;
  bool correctedClock_ = false;
};

}  // namespace kvsarchive::kvs
