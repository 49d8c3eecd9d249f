// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/profile_plan.h"

namespace kvsarchive::aws {

/// aws_access_key_id or aws_secret_access_key is there.
bool hasKeys(const ConfigSection& section);

/// The role of a profile. Errors: kSettings for what can't be asked for.
Result<RoleRequest> roleOf(const std::string& profile, const ConfigSection& section);

/// What a profile has without the help of another: `first` of a plan.
/// Errors: as planProfile()'s.
Result<ProfilePlan> planOwnSource(const SharedConfig& config, const std::string& profile,
                                  const ConfigSection& section);

}  // namespace kvsarchive::aws
