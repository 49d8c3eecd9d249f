// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "kvs/service_call.h"

namespace kvsarchive::kvs {

/// A call of the client that is under way. One thread.
template <typename T>
class ClientCall {
 public:
  using Decode = std::function<Result<T>(Answer)>;

  /// `budget`: of attempts; else the call has one of its own. What is given must outlive the call.
  ClientCall(ClientCore& core, const Operation& operation, std::string body,
             ServiceCall::Price price, size_t readAhead, http::RetryBudget* budget, Decode decode)
      : ownBudget_(core.options.retry),
        call_(core, operation, std::move(body), std::move(price), readAhead,
              budget != nullptr ? *budget : ownBudget_),
        decode_(std::move(decode)) {}
  ClientCall(const ClientCall&) = delete;
  ClientCall& operator=(const ClientCall&) = delete;

  /// The result; no value while it has to be waited for: until the transport's bell rings, or
  /// wakeAt(). Blocks only for credentials. After kCancelled nothing is lost.
  std::optional<Result<T>> poll(const CancelToken& cancel) {
    while (auto answer = call_.poll(cancel)) {
      if (!*answer) {
        return Result<T>(std::move(answer->error()));
      }
      Result<T> decoded = decode_(std::move(**answer));
      if (decoded) {
        return decoded;
      }
      Status again = call_.recover(std::move(decoded.error()), cancel);
      if (!again) {
        return Result<T>(std::move(again.error()));
      }
    }
    return std::nullopt;
  }

  std::optional<ServiceCall::TimePoint> wakeAt() const { return call_.wakeAt(); }
  bool waitsForQuota() const { return call_.waitsForQuota(); }
  bool waitsForConnection() const { return call_.waitsForConnection(); }
  size_t waitingBytes() const { return call_.waitingBytes(); }

 private:
  http::RetryBudget ownBudget_;
  ServiceCall call_;
  Decode decode_;
};

}  // namespace kvsarchive::kvs
