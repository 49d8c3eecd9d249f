// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "aws/credentials.h"
#include "aws/profile_name.h"
#include "aws/shared_config.h"
#include "aws/sso_login.h"
#include "aws/sts_client.h"
#include "aws/web_identity.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// credential_process, as the profile has it.
struct ProcessCommand {
  std::string line;
};

/// credential_source
enum class NamedSource { kEnvironment, kEc2InstanceMetadata, kEcsContainer };

/// A role that is assumed with what came before it.
struct RoleStep {
  std::string profile;  ///< whose settings hold for the STS that is asked
  RoleRequest role;
};

/// What to do for the credentials of a profile.
struct ProfilePlan {
  std::string profile;  ///< which the first credentials are of
  std::variant<Credentials, WebIdentity, SsoLogin, ProcessCommand, NamedSource> first;
  std::vector<RoleStep> roles;  ///< to assume one after the other
};

/// Reads it out of the files. Where a profile has several things set up the first of these counts,
/// as in AWS's tools: role with source_profile or credential_source (not in the source of another
/// role that has keys), role with web identity, SSO, keys in the credentials file,
/// credential_process, keys in the config file.
/// Errors: kAbsent when it has no credentials; kSettings when somebody named a profile that is not
/// there, or what is set up is not complete,
/// contradicts itself, or needs somebody at the keyboard.
Result<ProfilePlan> planProfile(const SharedConfig& config, const ProfileName& profile);

}  // namespace kvsarchive::aws
