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

/// The service of the profile's `region`, or else of `connectionRegion`; of us-east-1 for the older
/// regions if AWS_STS_REGIONAL_ENDPOINTS, or else sts_regional_endpoints of the profile, is
/// "legacy" and no other endpoint is configured. `profile` need not be there.
/// Errors: kSettings for settings that are none.
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
Result<StsEndpoint> stsEndpoint(const std::string& connectionRegion, const SharedConfig& config,
                                const std::string& profile);

}  // namespace kvsarchive::aws
