// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/credentials_provider.h"
#include "aws/imds_options.h"
#include "aws/iot_provider.h"
#include "aws/profile_name.h"
#include "aws/service_access.h"
#include "aws/static_provider.h"

namespace kvsarchive::aws {

/// What the user set about where credentials come from, keys aside; empty = not set.
struct Identity {
  std::optional<IotSettings> iot;
  std::string credentialPath;  ///< file in kvssink's format
  ProfileName profile;         ///< from profileName()
};

/// The first of these that has credentials, all but the keys refreshed ahead of their expiry:
/// - the keys;
/// - only the IoT device's, if that is set; else only the credential file's, if that is set;
/// - environment variables, unless the profile is set by the property;
/// - the web identity of environment variables, and the profile; the other way round if
///   AWS_PROFILE names one; only the profile if the property does;
/// - the container's; the EC2 instance's.
/// `imds` may be an error, which is told only to who gets that far.
std::unique_ptr<CredentialsProvider> makeProviders(std::unique_ptr<StaticProvider> keys,
                                                   const Identity& identity,
                                                   const ServiceAccess& access,
                                                   const Result<ImdsOptions>& imds);

}  // namespace kvsarchive::aws
