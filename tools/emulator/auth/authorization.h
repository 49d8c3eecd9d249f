// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "api/api_error.h"
#include "base/result.h"

namespace kvsemulator {

/// The parts of an Authorization header of AWS Signature Version 4.
struct Authorization {
  std::string accessKey;
  std::string date;  ///< yyyymmdd
  std::string region;
  std::string service;
  std::string terminator;
  std::vector<std::string> signedHeaders;
  std::string signature;

  std::string scope() const { return date + "/" + region + "/" + service + "/" + terminator; }
};

/// Errors: MissingAuthenticationToken, IncompleteSignature.
Result<Authorization, ApiError> parseAuthorization(const std::string& header);

}  // namespace kvsemulator
