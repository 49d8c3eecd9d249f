// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "http/message.h"

namespace kvsarchive::aws {

/// What a signature covers of a request.
struct SignableRequest {
  std::string method;
  std::string path;   ///< as on the wire; may be empty
  std::string query;  ///< as on the wire, without '?'
  http::Headers headers;
  std::string body;
  /// Removes dot segments and empty segments from the path, as all services but S3 want it.
  bool normalizePath = true;
};

/// First stage of Signature Version 4.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
struct CanonicalRequest {
  std::string text;
  std::string signedHeaders;  ///< "content-type;host;x-amz-date"
};

/// Covers all headers but those that proxies and clients change on the way.
CanonicalRequest canonicalRequest(const SignableRequest& request);

}  // namespace kvsarchive::aws
