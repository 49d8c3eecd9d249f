// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/shared_config.h"
#include "aws/sso_login.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// Hosts of IAM Identity Center, without a final slash. https, unless the user configured others.
struct SsoEndpoints {
  std::string portal;
  std::string oidc;
};

/// Those of the login's region, as findEndpoint() has them. Errors: kSettings.
Result<SsoEndpoints> findSsoEndpoints(const SsoLogin& login, const SharedConfig& config,
                                      const ConfigSection& profile);

}  // namespace kvsarchive::aws
