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

/// Those of the login's region. Errors: kSettings for settings that are none.
Result<SsoEndpoints> ssoEndpoints(const SsoLogin& login, const SharedConfig& config);

}  // namespace kvsarchive::aws
