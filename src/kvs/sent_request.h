// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/credentials.h"
#include "base/unix_time.h"

namespace kvsarchive::kvs {

/// What a request was made with, to find out what may help when it fails.
struct SentRequest {
  bool wasSent = false;  ///< else there were no credentials for it
  std::string apiName;   ///< of the data endpoint it went to; empty: to the control plane
  std::string endpoint;
  aws::Credentials credentials;  ///< it was signed with
  UnixTime signedAt{};
  std::string serverDate;  ///< Date header of its answer; empty = none
};

}  // namespace kvsarchive::kvs
