// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/credentials_provider.h"
#include "aws/profile_name.h"
#include "aws/service_access.h"
#include "aws/web_identity.h"

namespace kvsarchive::aws {

/// A role that is assumed with a token in a file, as EKS and CI systems set it up:
/// AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN and, if it is set, AWS_ROLE_SESSION_NAME, read anew
/// each time. Source:
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
class WebIdentityProvider : public CredentialsProvider {
 public:
  /// `profile` is where settings of the STS endpoint are looked for.
  WebIdentityProvider(ServiceAccess access, ProfileName profile)
      : access_(std::move(access)), profile_(std::move(profile)) {}

  const char* name() const override { return "web identity"; }

  /// Errors: kAbsent when no token file is set; kSettings when there is no role to it, the file
  /// can't be read or the AWS config file is wrong; others as StsClient's.
  Result<Credentials> credentials(const CancelToken& cancel) override;

 private:
  const ServiceAccess access_;
  const ProfileName profile_;
};

}  // namespace kvsarchive::aws
