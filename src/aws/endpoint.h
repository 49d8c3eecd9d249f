// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/shared_config.h"
#include "base/result.h"

namespace kvsarchive::aws {

enum class Service {
  kKinesisVideo,  ///< control plane
  kSts,
  kSso,      ///< the portal that has the credentials
  kSsoOidc,  ///< renews the portal's tokens
};

/// What decides about a service's endpoint, besides the environment.
struct EndpointSettings {
  std::string region;                      ///< from resolveRegion() or checkRegion()
  std::string override;                    ///< property endpoint-url; empty = not set
  const SharedConfig* config = nullptr;    ///< has the profile's `services`; null = no files
  const ConfigSection* profile = nullptr;  ///< null = none
};

/// Absolute URL of a service, without a final slash. The override, else
/// AWS_ENDPOINT_URL_<service>, else AWS_ENDPOINT_URL, else the service's endpoint_url in the
/// profile's `services` section, else the profile's endpoint_url.
/// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS or ignore_configured_endpoint_urls switch all of these off
/// but the override. If there is none, the region's partition decides, with AWS_USE_FIPS_ENDPOINT
/// and AWS_USE_DUALSTACK_ENDPOINT or use_fips_endpoint and use_dualstack_endpoint. AWS's own KVS
/// clients use the FIPS host in us-gov, us-iso and us-isob regions, and so it is here unless FIPS
/// is set to false. Errors: kSettings for a URL that is no http(s) URL, a flag that is neither true
/// nor false, a `services` section that does not exist, and a URL together with FIPS or dual stack,
/// which could not be kept; with the name of the setting. Sources:
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html
Result<std::string> findEndpoint(Service service, const EndpointSettings& settings);

}  // namespace kvsarchive::aws
