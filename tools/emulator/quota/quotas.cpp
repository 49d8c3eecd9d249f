// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quota/quotas.h"

#include <glib.h>

namespace kvsemulator {
namespace {

// Points that several operations spend.
constexpr const char* kMetadata = "metadata";
constexpr const char* kMedia = "media";

}  // namespace

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
    return spend(call, kMetadata, call.maxResults, limits_.metadataPoints);
  }
  if (operation == "GetClip") {
    return spendClip(call);
  }
  if (operation == "GetDataEndpoint" || operation == "DescribeStream") {
    return spend(call, operation.c_str(), 1, limits_.requests);
  }
  if (operation == "GetHLSStreamingSessionURL" || operation == "GetDASHStreamingSessionURL") {
    return spend(call, operation.c_str(), 1, limits_.sessions);
  }
  return true;
}

bool Quotas::admitPlayer(const CallDetails& call) {
  const bool isMedia = !call.fragments.empty();
  const int64_t limit = isMedia ? limits_.sessionFragments : limits_.sessionManifests;
  PointBucket& bucket = buckets_[{call.session, call.operation}];
  if (!bucket.spend(1, limit, g_get_monotonic_time())) {
    return false;
  }
  const bool enough = isMedia ? spend(call, kMedia, 1, limits_.mediaPoints)
                              : spend(call, kMetadata, call.maxResults, limits_.metadataPoints);
  if (!enough && limit != 0) {
    bucket.giveBack(1);
  }
  return enough;
}

std::optional<ApiError> Quotas::admitMedia(const CallDetails& call, Reply& reply) {
  std::shared_ptr<int64_t>& open = connections_[call.stream];
  if (!open) {
    open = std::make_shared<int64_t>(0);
  }
  if (limits_.mediaConnections != 0 && *open >= limits_.mediaConnections) {
    return connectionLimitExceeded(call.operation, call.stream).error;
  }
  if (!spend(call, kMedia, static_cast<int64_t>(call.fragments.size()), limits_.mediaPoints)) {
    return clientLimitExceeded(call.operation, call.stream).error;
  }
  ++*open;
  reply.lease = std::shared_ptr<void>(nullptr, [count = open](void*) { --*count; });
  reply.delivery.bytesPerSecond = static_cast<uint64_t>(limits_.bytesPerSecond);
  return std::nullopt;
}

bool Quotas::spendClip(const CallDetails& call) {
  const auto cost = static_cast<int64_t>(call.fragments.size());
  if (!spend(call, kMetadata, cost, limits_.metadataPoints)) {
    return false;
  }
  const bool enough = spend(call, kMedia, cost, limits_.mediaPoints);
  if (!enough && limits_.metadataPoints != 0) {
    buckets_[{call.stream, kMetadata}].giveBack(cost);
  }
  return enough;
}

bool Quotas::spend(const CallDetails& call, const char* points, int64_t cost, int64_t perSecond) {
  return buckets_[{call.stream, points}].spend(cost, perSecond, g_get_monotonic_time());
}

}  // namespace kvsemulator
