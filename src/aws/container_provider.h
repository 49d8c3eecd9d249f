// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/credentials_provider.h"
#include "http/curl_transport.h"

namespace kvsarchive::aws {

/// What ECS, EKS Pod Identity and Greengrass offer to their containers, by the variables that they
/// set, which are read anew each time:
/// - AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, a path on 169.254.170.2, or else
///   AWS_CONTAINER_CREDENTIALS_FULL_URI, any https URL, or http of an isContainerHost();
/// - AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, a file, or else AWS_CONTAINER_AUTHORIZATION_TOKEN:
///   sent as Authorization.
/// Never through a proxy; 2 s for a connection, and without a byte; 3 attempts. Source:
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
class ContainerProvider : public CredentialsProvider {
 public:
  /// `relativeBase` is only for tests: what relative URIs are relative to.
  explicit ContainerProvider(const http::CurlOptions& network,
                             std::string relativeBase = "http://169.254.170.2");

  const char* name() const override { return "container"; }

  /// Errors: kAbsent when neither URI is set; kSettings for a URI that may not be asked, and a
  /// token that can't be read or sent; kNotAuthorized, kOpenRead, kRead, kDecode.
  Result<Credentials> credentials(const CancelToken& cancel) override;

 private:
  const http::CurlOptions network_;
  const std::string relativeBase_;
};

}  // namespace kvsarchive::aws
