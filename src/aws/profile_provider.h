// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include "aws/credentials_provider.h"
#include "aws/profile_plan.h"
#include "aws/service_access.h"

namespace kvsarchive::aws {

/// What a profile may name as its credential_source. None is null.
struct NamedProviders {
  std::shared_ptr<CredentialsProvider> environment;
  std::shared_ptr<CredentialsProvider> ec2InstanceMetadata;
  std::shared_ptr<CredentialsProvider> ecsContainer;
};

/// A profile of the AWS config and credentials files, which are read anew each time; planProfile()
/// says what counts in them.
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/creds-config-files.html
class ProfileProvider : public CredentialsProvider {
 public:
  ProfileProvider(ServiceAccess access, ProfileName profile, NamedProviders named)
      : access_(std::move(access)), profile_(std::move(profile)), named_(std::move(named)) {}

  const char* name() const override { return "AWS config files"; }

  /// Errors: as SharedConfig::load() and planProfile(); then as what the profile leads to, but
  /// kNotAuthorized where its credential_source has none. All say which profile it is.
  Result<Credentials> credentials(const CancelToken& cancel) override;

 private:
  const ServiceAccess access_;
  const ProfileName profile_;
  const NamedProviders named_;
};

}  // namespace kvsarchive::aws
