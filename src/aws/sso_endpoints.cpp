// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sso_endpoints.h"

#include "aws/environment.h"

namespace kvsarchive::aws {

Result<SsoEndpoints> ssoEndpoints(const SsoLogin& login, const SharedConfig&) {
  const std::string portal = environmentVariable("AWS_ENDPOINT_URL_SSO");
  const std::string oidc = environmentVariable("AWS_ENDPOINT_URL_SSO_OIDC");
  return SsoEndpoints{
      portal.empty() ? "https://portal.sso." + login.region + ".amazonaws.com" : portal,
      oidc.empty() ? "https://oidc." + login.region + ".amazonaws.com" : oidc};
}

}  // namespace kvsarchive::aws
