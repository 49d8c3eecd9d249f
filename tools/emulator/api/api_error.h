// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"
#include "http/reply.h"

namespace kvsemulator {

/// An error of the service, as a client sees it.
struct ApiError {
  int status = 400;
  std::string code;
  std::string message;
  bool fromAuthLayer = false;  ///< then the body's key is "message", else "Message"
};

Failure<ApiError> invalidArgument(std::string message);
Failure<ApiError> resourceNotFound(std::string message);
Failure<ApiError> invalidToken();
/// Too many requests or points of an operation.
Failure<ApiError> clientLimitExceeded(const std::string& operation, const std::string& stream);
/// Too many of its answers at a time.
Failure<ApiError> connectionLimitExceeded(const std::string& operation, const std::string& stream);
/// The credentials are no longer valid.
Failure<ApiError> expiredToken();
Failure<ApiError> authError(int status, std::string code, std::string message);

/// Wire form of an error: JSON body, x-amzn-ErrorType, x-amzn-RequestId,
/// Connection: close.
Reply errorReply(const ApiError& error);
/// The front door's answer in XML to requests at the wrong endpoint.
Reply wrongEndpoint();

}  // namespace kvsemulator
