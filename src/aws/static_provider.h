// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "aws/credentials_provider.h"
#include "base/guarded.h"

namespace kvsarchive::aws {

/// Keys given by the application: properties access-key, secret-key, session-token, credentials.
class StaticProvider : public CredentialsProvider {
 public:
  explicit StaticProvider(Credentials credentials) : credentials_(std::move(credentials)) {}

  const char* name() const override { return "properties"; }

  /// Errors: kAbsent when none of the properties is set; kSettings when one that the others
  /// need is missing.
  Result<Credentials> credentials(const CancelToken& cancel) override;

  /// Puts others in their place.
  void set(Credentials credentials) { *credentials_.lock() = std::move(credentials); }

 private:
  Guarded<Credentials> credentials_;
};

}  // namespace kvsarchive::aws
