// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sso_endpoints.h"

#include "aws/endpoint.h"
#include "aws/region.h"

namespace kvsarchive::aws {

Result<SsoEndpoints> findSsoEndpoints(const SsoLogin& login, const SharedConfig& config,
                                      const ConfigSection& profile) {
  const Result<std::string> region = checkRegion(login.region, "sso_region");
  if (!region) {
    return region.error();
  }
  const EndpointSettings settings{*region, "", &config, &profile};
  Result<std::string> portal = findEndpoint(Service::kSso, settings);
  if (!portal) {
    return portal.error();
  }
  Result<std::string> oidc = findEndpoint(Service::kSsoOidc, settings);
  if (!oidc) {
    return oidc.error();
  }
  return SsoEndpoints{std::move(*portal), std::move(*oidc)};
}

}  // namespace kvsarchive::aws
