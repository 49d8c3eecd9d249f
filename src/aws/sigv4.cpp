// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sigv4.h"

#include "aws/canonical_request.h"
#include "aws/digest.h"
#include "base/iso8601.h"
#include "http/url.h"

namespace kvsarchive::aws {
namespace {

constexpr const char* kAlgorithm = "AWS4-HMAC-SHA256";
constexpr const char* kTerminator = "aws4_request";

std::string day(const SigningScope& scope) { return formatIso8601Basic(scope.time).substr(0, 8); }

}  // namespace

std::string credentialScope(const SigningScope& scope) {
  return day(scope) + "/" + scope.region + "/" + scope.service + "/" + kTerminator;
}

std::string stringToSign(const SigningScope& scope, const std::string& canonicalRequest) {
  return std::string(kAlgorithm) + "\n" + formatIso8601Basic(scope.time) + "\n" +
         credentialScope(scope) + "\n" + toHex(sha256(canonicalRequest));
}

std::string signature(const std::string& secretKey, const SigningScope& scope,
                      const std::string& stringToSign) {
  std::string key = "AWS4" + secretKey;
  for (const std::string& part :
       {day(scope), scope.region, scope.service, std::string(kTerminator)}) {
    std::string next = hmacSha256(key, part);
    wipe(key);
    if (next.empty()) {
      return {};
    }
    key = std::move(next);
  }
  const std::string code = hmacSha256(key, stringToSign);
  wipe(key);
  return toHex(code);
}

std::string authorization(const std::string& accessKeyId, const SigningScope& scope,
                          const std::string& signedHeaders, const std::string& signature) {
  return std::string(kAlgorithm) + " Credential=" + accessKeyId + "/" + credentialScope(scope) +
         ", SignedHeaders=" + signedHeaders + ", Signature=" + signature;
}

Status sign(http::Request& request, const Credentials& credentials, const SigningScope& scope) {
  const Result<http::Url> url = http::parseUrl(request.url);
  if (!url) {
    return url.error();
  }
  // Set here, so that what is sent is what was signed.
  request.headers.push_back({"Host", url->hostHeader});
  request.headers.push_back({"X-Amz-Date", formatIso8601Basic(scope.time)});
  if (!credentials.sessionToken.empty()) {
    request.headers.push_back({"X-Amz-Security-Token", credentials.sessionToken});
  }
  const CanonicalRequest canonical = canonicalRequest(
      {request.method, url->path, url->query, request.headers, request.body, true});
  const std::string code =
      signature(credentials.secretKey, scope, stringToSign(scope, canonical.text));
  if (code.empty()) {
    return makeError(ErrorKind::kSettings, "OpenSSL can't compute HMAC-SHA256");
  }
  request.headers.push_back({"Authorization", authorization(credentials.accessKeyId, scope,
                                                            canonical.signedHeaders, code)});
  return {};
}

}  // namespace kvsarchive::aws
