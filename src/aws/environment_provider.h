// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "aws/credentials_provider.h"

namespace kvsarchive::aws {

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN (or the older
/// AWS_SECURITY_TOKEN), AWS_CREDENTIAL_EXPIRATION (ISO 8601 with a zone), read anew each time. An
/// empty variable counts as not set. Source:
/// https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
class EnvironmentProvider : public CredentialsProvider {
 public:
  const char* name() const override { return "environment"; }

  /// Errors: kAbsent when there is no key; kSettings when there is half a key, or the
  /// expiration is no time.
  Result<Credentials> credentials(const CancelToken& cancel) override;
};

}  // namespace kvsarchive::aws
