// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/shared_config.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// Where AWS's Security Token Service is asked.
struct StsEndpoint {
  std::string url;     ///< without a final slash
  std::string region;  ///< to sign for
};

/// The service of a region, which must come from resolveRegion() or checkRegion(), as
/// findEndpoint() has it. The one in us-east-1 for the regions that once had no other, if
/// AWS_STS_REGIONAL_ENDPOINTS, or else the profile's sts_regional_endpoints, is "legacy" and
/// nothing else is configured. Errors: kSettings. Source:
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
Result<StsEndpoint> findStsEndpoint(const std::string& region, const SharedConfig& config,
                                    const ConfigSection& profile);

}  // namespace kvsarchive::aws
