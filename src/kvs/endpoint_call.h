// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "kvs/operation.h"
#include "kvs/service_call.h"

namespace kvsarchive::kvs {

/// Asks where an API is served, as ClientCall asks other things. One thread.
class EndpointCall {
 public:
  EndpointCall(ClientCore& core, std::string apiName)
      : apiName_(std::move(apiName)),
        budget_(core.options.retry),
        call_(core, kGetDataEndpoint, "", {}, http::Request::kReadAhead, budget_) {}
  EndpointCall(const EndpointCall&) = delete;
  EndpointCall& operator=(const EndpointCall&) = delete;

  /// As ClientCall::poll(): the base URL.
  std::optional<Result<std::string>> poll(const CancelToken& cancel) {
    return call_.pollEndpoint(apiName_, cancel);
  }

  std::optional<ServiceCall::TimePoint> wakeAt() const { return call_.wakeAt(); }

 private:
  const std::string apiName_;
  http::RetryBudget budget_;
  ServiceCall call_;
};

}  // namespace kvsarchive::kvs
