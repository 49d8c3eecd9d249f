// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quota/quotas.h"

#include <glib.h>

namespace kvsemulator {

void Quotas::setLimits(const QuotaLimits& limits) {
  limits_ = limits;
  buckets_.clear();
}

std::optional<ApiError> Quotas::admit(const CallDetails& call, Reply& reply) {
  if (call.operation == "GetMediaForFragmentList") {
    return admitMedia(call, reply);
  }
  if (!(call.session.empty() ? admitOperation(call) : admitPlayer(call))) {
    return clientLimitExceeded(call.operation, call.stream).error;
  }
  return std::nullopt;
}

bool Quotas::admitOperation(const CallDetails& call) {
  const std::string& operation = call.operation;
  if (operation == "ListFragments") {
    return spend(call, call.maxResults, limits_.metadataPoints);
  }
  if (operation == "GetDataEndpoint" || operation == "DescribeStream") {
    return spend(call, 1, limits_.requests);
  }
  if (operation == "GetHLSStreamingSessionURL" || operation == "GetDASHStreamingSessionURL") {
    return spend(call, 1, limits_.sessions);
  }
  return true;
}

bool Quotas::admitPlayer(const CallDetails& call) {
  const bool isMedia = !call.fragments.empty();
  PointBucket& bucket = buckets_[{call.session, call.operation}];
  if (!bucket.spend(1, isMedia ? limits_.sessionFragments : limits_.sessionManifests,
                    g_get_monotonic_time())) {
    return false;
  }
  return isMedia ? spend(call, 1, limits_.mediaPoints)
                 : spend(call, call.maxResults, limits_.metadataPoints);
}

std::optional<ApiError> Quotas::admitMedia(const CallDetails& call, Reply& reply) {
  std::shared_ptr<int64_t>& open = connections_[call.stream];
  if (!open) {
    open = std::make_shared<int64_t>(0);
  }
  if (limits_.mediaConnections != 0 && *open >= limits_.mediaConnections) {
    return connectionLimitExceeded(call.operation, call.stream).error;
  }
  if (!spend(call, static_cast<int64_t>(call.fragments.size()), limits_.mediaPoints)) {
    return clientLimitExceeded(call.operation, call.stream).error;
  }
  ++*open;
  reply.lease = std::shared_ptr<void>(nullptr, [count = open](void*) { --*count; });
  reply.delivery.bytesPerSecond = static_cast<uint64_t>(limits_.bytesPerSecond);
  return std::nullopt;
}

bool Quotas::spend(const CallDetails& call, int64_t cost, int64_t perSecond) {
  return buckets_[{call.stream, call.operation}].spend(cost, perSecond, g_get_monotonic_time());
}

}  // namespace kvsemulator
