// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/error.h"

namespace kvsarchive::aws {

/// What a profile says of its login at IAM Identity Center (SSO).
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
struct SsoLogin {
  std::string profile;  ///< whose it is, for messages
  std::string session;  ///< name of its sso-session section; empty in the older form
  std::string startUrl;
  std::string region;  ///< of Identity Center
  std::string accountId;
  std::string roleName;
};

/// "<why>: run aws sso login --profile <profile>". kNotAuthorized.
Error loginNeeded(const SsoLogin& login, const std::string& why);

}  // namespace kvsarchive::aws
