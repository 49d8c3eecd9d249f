// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/shared_config.h"
#include "aws/sso_login.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// sso_account_id or sso_role_name is there. An sso_session alone is for other things than keys.
bool hasSsoRole(const ConfigSection& section);

/// The login of such a profile, with what its sso-session says.
/// Errors: kSettings when something is missing, or said twice and not alike.
Result<SsoLogin> ssoLoginOf(const SharedConfig& config, const std::string& profile,
                            const ConfigSection& section);

}  // namespace kvsarchive::aws
