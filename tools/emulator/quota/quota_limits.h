// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include "base/json_reader.h"

namespace kvsemulator {

/// What one stream bears. 0 = as much as may come.
struct QuotaLimits {
  int64_t requests = 0;          ///< GetDataEndpoint a second, and as many DescribeStream
  int64_t metadataPoints = 0;    ///< a second; listings cost the most results they ask for
  int64_t mediaPoints = 0;       ///< a second; one for each fragment. GetClip costs its fragments
                                 ///< in both
  int64_t mediaConnections = 0;  ///< answers of GetMediaForFragmentList at a time
  int64_t bytesPerSecond = 0;    ///< of each of these answers
  int64_t sessions = 0;          ///< URLs of streaming sessions a second
  int64_t sessionManifests = 0;  ///< a second and session, of each kind; init segments alike
  int64_t sessionFragments = 0;  ///< media segments a second and session
};

/// Reads `quotas`: "none", "published" (the service's own) or an object; none
/// if it is absent.
QuotaLimits readQuotaLimits(JsonReader& parent);

}  // namespace kvsemulator
