// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "aws/credentials.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// What an error answer of STS says. Texts of unknown origin, not yet fit for a message.
struct StsError {
  std::string code;  ///< "AccessDenied"; empty when the answer is none of STS
  std::string message;
};

// The XML of STS. Only elements at their places count; others may come with later versions.
// Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html

/// Reads the answer of an operation: "AssumeRole", "AssumeRoleWithWebIdentity".
/// Errors: kDecode for what is no XML, and when an element is missing, there twice or has what
/// can't be its value. Shows nothing of the answer.
Result<Credentials> parseStsCredentials(const std::string& operation, std::string_view xml);

/// Never fails.
StsError parseStsError(std::string_view xml);

}  // namespace kvsarchive::aws
