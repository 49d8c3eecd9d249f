// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/imds_client.h"

#include <algorithm>
#include <utility>

#include "aws/credentials.h"
#include "aws/refusal.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

constexpr const char* kSource = "the EC2 metadata service";
constexpr const char* kTokenPath = "/latest/api/token";
constexpr size_t kMaxToken = 4096;
constexpr int kOk = 200;
constexpr int kUnauthorized = 401;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kMethodNotAllowed = 405;

bool isNoAnswer(const Error& error) {
  return error.kind == ErrorKind::kOpenRead || error.kind == ErrorKind::kRead;
}

Error noService(const Error& why) {
  return makeError(ErrorKind::kAbsent, "no EC2 metadata service: " + why.message);
}

}  // namespace

ImdsClient::ImdsClient(const http::CurlOptions& network, ImdsOptions options)
    : network_(network.directly(options.timeout)), options_(std::move(options)) {}

ImdsClient::~ImdsClient() { wipe(token_); }

Result<http::Document> ImdsClient::get(const std::string& path, const CancelToken& cancel) {
  if (options_.disabled) {
    return makeError(ErrorKind::kAbsent, "AWS_EC2_METADATA_DISABLED is true");
  }
  if (!hasAskedForToken_) {
    const Status asked = fetchToken(cancel);
    if (!asked) {
      return asked.error();
    }
    hasAskedForToken_ = true;
  }
  Result<http::Document> answer = getOnce(path, cancel);
  if (!answer || answer->head.status != kUnauthorized || token_.empty()) {
    return checked(std::move(answer));
  }
  const Status asked = fetchToken(cancel);
  return asked ? checked(getOnce(path, cancel)) : asked.error();
}

Result<http::Document> ImdsClient::checked(Result<http::Document> answer) const {
  if (!answer) {
    const Error& error = answer.error();
    return noToken_ && isNoAnswer(error) ? noService(error) : unanswered(kSource, error);
  }
  const int status = answer->head.status;
  if (status == kOk || status == kNotFound) {
    return answer;
  }
  Error error = refusal(kSource, *answer, token_);
  if (status == kUnauthorized && noToken_) {
    error.message = std::string(kSource) + " demands a token, but sent none (" + noToken_->message +
                    "): for containers, raise the hop limit of the instance's metadata to 2";
  }
  return error;
}

Result<http::Document> ImdsClient::getOnce(const std::string& path,
                                           const CancelToken& cancel) const {
  return send("GET", path, {"x-aws-ec2-metadata-token", token_}, cancel);
}

Status ImdsClient::fetchToken(const CancelToken& cancel) {
  wipe(token_);
  noToken_.reset();
  const auto answer =
      send("PUT", kTokenPath, {"x-aws-ec2-metadata-token-ttl-seconds", "21600"}, cancel);
  if (answer) {
    return takeToken(*answer);
  }
  if (!isNoAnswer(answer.error())) {
    return unanswered(kSource, answer.error());
  }
  if (options_.v1Disabled) {
    return noService(answer.error());
  }
  noToken_ = answer.error();
  return {};
}

Status ImdsClient::takeToken(const http::Document& answer) {
  const int status = answer.head.status;
  if (status == kForbidden || status == kNotFound || status == kMethodNotAllowed) {
    if (!options_.v1Disabled) {
      return {};
    }
    Error error = refusal(kSource, answer, {});
    error.message += "; asking it without a token (version 1) is disabled";
    return error;
  }
  if (status != kOk) {
    return refusal(kSource, answer, {});
  }
  if (answer.text.empty() || answer.text.size() > kMaxToken ||
      !std::all_of(answer.text.begin(), answer.text.end(), isVisibleAscii)) {
    return makeError(ErrorKind::kDecode, std::string("the token of ") + kSource + " can't be used");
  }
  token_ = answer.text;
  return {};
}

Result<http::Document> ImdsClient::send(const char* method, const std::string& path,
                                        const http::Header& header,
                                        const CancelToken& cancel) const {
  http::Request request;
  request.method = method;
  request.url = options_.endpoint + path;
  if (!header.value.empty()) {
    request.headers = {header};
  }
  http::DocumentAttempts attempts;
  attempts.count = options_.attempts;
  return http::fetchDocument(network_, request, attempts, cancel);
}

}  // namespace kvsarchive::aws
