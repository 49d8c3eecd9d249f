// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/credentials.h"
#include "aws/service_access.h"
#include "aws/sts_endpoint.h"

namespace kvsarchive::aws {

/// A session of a role, as STS is asked for it.
struct RoleRequest {
  std::string roleArn;
  /// 2 to 64 letters, digits and +=,.@_-; empty: "gst-kvs-archive-<seconds since 1970>".
  std::string sessionName;
  std::string externalId;   ///< empty: none; not for web identities
  int durationSeconds = 0;  ///< 900 to 43200; 0: not said, which is 3600
};

/// Asks AWS's Security Token Service for the credentials of roles. Any thread.
/// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
///
/// Both calls block: until the answer is there, the time-outs of the network, or cancel. They try
/// again, signed anew, after network errors, 429, 5xx, throttling and IDPCommunicationError.
/// Errors: kCancelled; kNotAuthorized when STS refuses; kSettings when it takes the request for
/// wrong; kBusy when it throttles; kOpenRead and kRead when there is no usable answer; kDecode.
class StsClient {
 public:
  StsClient(ServiceAccess access, StsEndpoint endpoint)
      : access_(std::move(access)), endpoint_(std::move(endpoint)) {}

  /// AssumeRole, signed with `source`.
  Result<Credentials> assumeRole(const RoleRequest& role, const Credentials& source,
                                 const CancelToken& cancel) const;

  /// AssumeRoleWithWebIdentity: `token` is what proves who asks.
  Result<Credentials> assumeRoleWithWebIdentity(const RoleRequest& role, const std::string& token,
                                                const CancelToken& cancel) const;

 private:
  struct Call;

  Result<Credentials> repeat(const Call& call, const CancelToken& cancel) const;
  Result<Credentials> callOnce(const Call& call, const CancelToken& cancel) const;
  std::string form(const std::string& operation, const RoleRequest& role) const;

  const ServiceAccess access_;
  const StsEndpoint endpoint_;
};

}  // namespace kvsarchive::aws
