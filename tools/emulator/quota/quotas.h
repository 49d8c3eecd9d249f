// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "api/api_error.h"
#include "api/operation.h"
#include "http/reply.h"
#include "quota/point_bucket.h"
#include "quota/quota_limits.h"

namespace kvsemulator {

/// Refuses what is more than the streams bear.
class Quotas {
 public:
  /// All buckets are full again; answers in progress still count.
  void setLimits(const QuotaLimits& limits);
  /// Spends what a request costs that could be answered by `reply`, or says why
  /// it is refused. Limits how the reply travels and lets it count as a
  /// connection as long as it lasts.
  std::optional<ApiError> admit(const CallDetails& call, Reply& reply);

 private:
  bool admitOperation(const CallDetails& call);
  /// Of players' requests, which have quotas of their session and of the stream.
  bool admitPlayer(const CallDetails& call);
  std::optional<ApiError> admitMedia(const CallDetails& call, Reply& reply);
  bool spendClip(const CallDetails& call);
  bool spend(const CallDetails& call, const char* points, int64_t cost, int64_t perSecond);

  QuotaLimits limits_;
  std::map<std::pair<std::string, std::string>, PointBucket>
      buckets_;                                                  ///< by stream, kind; of
                                                                 ///< sessions by token, operation
  std::map<std::string, std::shared_ptr<int64_t>> connections_;  ///< by stream
};

}  // namespace kvsemulator
