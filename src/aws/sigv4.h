// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/credentials.h"
#include "base/result.h"
#include "base/unix_time.h"
#include "http/message.h"

namespace kvsarchive::aws {

/// What a signature is good for.
struct SigningScope {
  std::string region;   ///< e.g. "eu-west-1"
  std::string service;  ///< e.g. "kinesisvideo"
  UnixTime time{};      ///< services accept a few minutes around their own clock
};

// Stages of Signature Version 4 after canonicalRequest(), each testable alone.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html

/// "20260301/eu-west-1/kinesisvideo/aws4_request"
std::string credentialScope(const SigningScope& scope);

std::string stringToSign(const SigningScope& scope, const std::string& canonicalRequest);

/// 64 hexadecimal digits; empty if OpenSSL refuses to compute it.
std::string signature(const std::string& secretKey, const SigningScope& scope,
                      const std::string& stringToSign);

/// Value of the Authorization header.
std::string authorization(const std::string& accessKeyId, const SigningScope& scope,
                          const std::string& signedHeaders, const std::string& signature);

/// Adds Host, X-Amz-Date, X-Amz-Security-Token if there is a token, and Authorization to a request
/// that has none of them yet. Each attempt of a request is signed anew.
/// Errors: kSettings for a URL that can't be used or if OpenSSL has no SHA-256.
Status sign(http::Request& request, const Credentials& credentials, const SigningScope& scope);

}  // namespace kvsarchive::aws
