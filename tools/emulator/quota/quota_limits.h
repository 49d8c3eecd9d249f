// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include "base/json_reader.h"

namespace kvsemulator {

/// What one stream bears. 0 = as much as may come.
struct QuotaLimits {
  int64_t requests = 0;          ///< GetDataEndpoint a second, and as many DescribeStream
  int64_t metadataPoints = 0;    ///< a second; ListFragments costs the MaxResults it asks for
  int64_t mediaPoints = 0;       ///< a second; GetMediaForFragmentList costs its fragments. GetClip
                                 ///< costs its fragments in both
  int64_t mediaConnections = 0;  ///< answers of GetMediaForFragmentList at a time
  int64_t bytesPerSecond = 0;    ///< of each of these answers
};

/// Reads `quotas`: "none", "published" (the service's own) or an object; none
/// if it is absent.
QuotaLimits readQuotaLimits(JsonReader& parent);

}  // namespace kvsemulator
