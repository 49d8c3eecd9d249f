// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/api_error.h"

#include "base/json_writer.h"

namespace kvsemulator {
namespace {

constexpr const char* kOperationSuffix = ":https://kinesisvideo.amazonaws.com/doc/2017-09-30/";
constexpr const char* kAuthSuffix = ":http://internal.amazon.com/coral/com.amazon.coral.service/";

Failure<ApiError> limitExceeded(const char* code, const char* what, const std::string& operation,
                                const std::string& stream) {
  return {{400, code,
           std::string("Limit exceeded on number of ") + what + " for " + operation +
               " API for resource '" + stream + "'",
           false}};
}

}  // namespace

Failure<ApiError> invalidArgument(std::string message) {
  return {{400, "InvalidArgumentException", std::move(message), false}};
}

Failure<ApiError> resourceNotFound(std::string message) {
  return {{404, "ResourceNotFoundException", std::move(message), false}};
}

Failure<ApiError> invalidToken() {
  return invalidArgument("The NextToken is not valid for this request.");
}

Failure<ApiError> clientLimitExceeded(const std::string& operation, const std::string& stream) {
  return limitExceeded("ClientLimitExceededException", "requests", operation, stream);
}

Failure<ApiError> connectionLimitExceeded(const std::string& operation, const std::string& stream) {
  return limitExceeded("ConnectionLimitExceededException", "connections", operation, stream);
}

Failure<ApiError> authError(int status, std::string code, std::string message) {
  return {{status, std::move(code), std::move(message), true}};
}

Failure<ApiError> expiredToken() {
  return authError(403, "ExpiredTokenException",
                   "The security token included in the request is expired");
}

Reply errorReply(const ApiError& error) {
  Reply reply;
  reply.status = error.status;
  reply.errorCode = error.code;
  reply.headers = {
      {"x-amzn-ErrorType", error.code + (error.fromAuthLayer ? kAuthSuffix : kOperationSuffix)},
      {"Connection", "close"}};
  JsonWriter json;
  json.beginObject().key(error.fromAuthLayer ? "message" : "Message").text(error.message);
  reply.body = json.endObject().take();
  return reply;
}

Reply wrongEndpoint() {
  Reply reply;
  reply.status = 403;
  reply.errorCode = "AccessDeniedException";
  reply.contentType = "application/xml";
  reply.headers = {{"Connection", "close"}};
  reply.body =
      "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be "
      "authorized</Message>\n</AccessDeniedException>\n";
  return reply;
}

}  // namespace kvsemulator
