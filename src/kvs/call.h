// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/credentials.h"
#include "base/cancel_token.h"
#include "base/unix_time.h"
#include "http/retry_policy.h"

namespace kvsarchive::kvs {

/// One call of the client, over all of its attempts. Lives as long as the call.
struct Call {
  http::RetryBudget& budget;
  const CancelToken& cancel;

  // What helps at once or not at all, and so is tried once per call.
  bool refreshedCredentials = false;
  bool refetchedEndpoint = false;
  bool correctedClock = false;

  // The last request.
  std::string apiName;  ///< of the data endpoint it went to; empty: to the control plane
  std::string endpoint;
  aws::Credentials credentials;  ///< it was signed with
  UnixTime signedAt{};
  std::string serverDate;  ///< Date header of its answer; empty = none
};

}  // namespace kvsarchive::kvs
