// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>

#include "aws/credentials_provider.h"
#include "aws/imds_options.h"
#include "base/clock.h"
#include "http/curl_transport.h"

namespace kvsarchive::aws {

/// The role of the EC2 instance that this runs on, from its metadata service (ImdsClient).
///
/// While that is in trouble it goes on handing out credentials that expire soon, or have expired,
/// which AWS's services then take. Such ones are given out as lasting 15 min and 2 to 10 min by
/// chance, so that not all instances ask at once, with a warning if they have expired.
class ImdsProvider : public CredentialsProvider {
 public:
  /// `options` may be the error of imdsOptions(), which is told only to who asks for credentials.
  ImdsProvider(http::CurlOptions network, Result<ImdsOptions> options,
               const Clock& clock = systemClock());

  const char* name() const override { return "EC2 instance metadata"; }

  /// Errors: kAbsent when the service is disabled, there is none, or the instance has no role;
  /// kOpenRead instead once it has given any; kSettings for bad options; kNotAuthorized, kRead,
  /// kDecode.
  Result<Credentials> credentials(const CancelToken& cancel) override;

 private:
  Credentials lasting(Credentials found);

  const http::CurlOptions network_;
  const Result<ImdsOptions> options_;
  const Clock& clock_;
  std::atomic<bool> hasGiven_{false};   ///< credentials, so that there is such a service
  std::atomic<bool> hasWarned_{false};  ///< once for each time that they are stale
};

}  // namespace kvsarchive::aws
