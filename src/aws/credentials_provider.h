// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "aws/credentials.h"
#include "base/cancel_token.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// Where credentials come from. One file per kind of provider. Any thread.
class CredentialsProvider {
 public:
  virtual ~CredentialsProvider() = default;

  /// What is tried, for the error that lists all that was tried: "environment variables".
  virtual const char* name() const = 0;

  /// The credentials to sign the next request with.
  /// Blocks: while they are fetched or renewed. Errors: kCancelled; kAbsent when nothing of this
  /// kind is set up, with what is missing; kSettings when what is set up contradicts itself;
  /// kNotAuthorized, kOpenRead, kRead, kDecode when it is set up and fails. No secrets.
  virtual Result<Credentials> credentials(const CancelToken& cancel) = 0;

  /// The service says that `used` have expired: what is kept of them is to be fetched anew by the
  /// next credentials(). Does not block. Ignored if other ones have taken their place meanwhile.
  virtual void invalidate(const Credentials& used) { static_cast<void>(used); }
};

}  // namespace kvsarchive::aws
