// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/sts_client.h"

namespace kvsarchive::aws {

/// A role, and the file with the token of whom it trusts.
struct WebIdentity {
  std::string tokenFile;
  RoleRequest role;
};

/// Reads the file anew each time, for who issues tokens replaces them before they expire. White
/// space at its end does not count.
/// Blocks and fails as StsClient; kSettings when the file can't be read, is empty or has more than
/// 64 KiB.
Result<Credentials> assumeWithTokenFile(const StsClient& sts, const WebIdentity& identity,
                                        const CancelToken& cancel);

}  // namespace kvsarchive::aws
