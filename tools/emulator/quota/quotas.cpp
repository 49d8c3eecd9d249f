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
  bool enough = true;
  if (call.operation == "GetMediaForFragmentList") {
    return admitMedia(call, reply);
  }
  if (call.operation == "ListFragments") {
    enough = spend(call, kMetadata, call.maxResults, limits_.metadataPoints);
  } else if (call.operation == "GetClip") {
    enough = spendClip(call);
  } else if (call.operation == "GetDataEndpoint" || call.operation == "DescribeStream") {
    enough = spend(call, call.operation.c_str(), 1, limits_.requests);
  }
  if (!enough) {
    return clientLimitExceeded(call.operation, call.stream).error;
  }
  return std::nullopt;
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
