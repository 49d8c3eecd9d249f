// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "aws/imds_options.h"
#include "base/cancel_token.h"
#include "base/result.h"
#include "http/document.h"

namespace kvsarchive::aws {

/// Asks the metadata service of an EC2 instance, with a token (version 2) that the first request
/// gets; without one (version 1) only where the service has no tokens (403, 404, 405 or no answer)
/// and that is not disabled. Never through a proxy. One thread; make a new one for what is asked
/// later. Source:
/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
class ImdsClient {
 public:
  ImdsClient(const http::CurlOptions& network, ImdsOptions options);
  ~ImdsClient();
  ImdsClient(const ImdsClient&) = delete;
  ImdsClient& operator=(const ImdsClient&) = delete;

  /// Gets a path such as "/latest/meta-data/placement/region". The answer is 200 or 404; if the
  /// token is refused (401), it is asked for again with a new one, once.
  /// Blocks: for the options' timeout in each request, or until cancel. Errors: kCancelled; kAbsent
  /// if the service is disabled or there is none; kNotAuthorized, kOpenRead, kRead, kDecode.
  Result<http::Document> get(const std::string& path, const CancelToken& cancel);

  /// For refusal(): the token that was sent; empty = none.
  const std::string& token() const { return token_; }

 private:
  Status fetchToken(const CancelToken& cancel);
  Status takeToken(const http::Document& answer);
  Result<http::Document> send(const char* method, const std::string& path,
                              const http::Header& header, const CancelToken& cancel) const;
  Result<http::Document> getOnce(const std::string& path, const CancelToken& cancel) const;
  Result<http::Document> checked(Result<http::Document> answer) const;

  const http::CurlOptions network_;
  const ImdsOptions options_;
  bool hasAskedForToken_ = false;
  std::string token_;             ///< empty = version 1
  std::optional<Error> noToken_;  ///< set when no answer came to the request for a token
};

}  // namespace kvsarchive::aws
