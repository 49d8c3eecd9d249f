// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json_document.h"
#include "http/message.h"

namespace kvsarchive::kvs {

/// What an error is, and what may help against it.
struct ErrorClass {
  ErrorKind kind;
  Recovery recovery;
};

/// The code without the "Exception" that its own documents add or leave out.
std::string_view shortCode(std::string_view awsCode);

/// Classifies what the service reports, by its code, else by the HTTP status; 500, 502, 503 and 504
/// are tried again whatever the code. Sources:
/// https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/CommonErrors.html
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
ErrorClass classify(std::string_view awsCode, int httpStatus);

/// Makes an Error of an answer that tells of one: any status but 200, or a 200 whose body is none
/// of the operation's. A body of HTML or without sense is one that something in between has made:
/// it counts by the status alone. Operation and stream are left to the caller.
Error decodeServiceError(const http::ResponseHead& head, const std::string& body);

/// Whether the JSON of a 200 tells of an error all the same: {"Output":{"__type":...}}, as a path
/// that the host does not know is answered.
bool isDisguisedError(const JsonObjectView& root);

/// Whether this Content-Type can't be media: JSON, XML or text.
bool isTextual(const http::ResponseHead& head);

/// Whether the service refuses a request because of the answers that it is sending already.
bool isOfTooManyConnections(const Error& error);

/// x-amzn-RequestId, under either of its spellings.
std::string requestIdOf(const http::ResponseHead& head);

}  // namespace kvsarchive::kvs
