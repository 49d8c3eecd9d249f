// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/container_provider.h"

#include <algorithm>
#include <utility>

#include "aws/container_hosts.h"
#include "aws/environment.h"
#include "aws/json_credentials.h"
#include "aws/refusal.h"
#include "base/small_file.h"
#include "base/text.h"
#include "http/document.h"
#include "http/url.h"

namespace kvsarchive::aws {
namespace {

constexpr const char* kRelative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr const char* kFull = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr const char* kToken = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
constexpr const char* kTokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
constexpr const char* kSource = "the container credentials endpoint";
constexpr std::chrono::seconds kTimeout{2};
constexpr int kOk = 200;
constexpr size_t kMaxToken = size_t{64} << 10;

struct Target {
  std::string url;
  const char* variable;  ///< that it comes from
};

Result<Target> findTarget(const std::string& relativeBase) {
  const std::string relative = environmentVariable(kRelative);
  if (!relative.empty()) {
    if (relative.front() != '/') {  // "@host/" would lead elsewhere
      return makeError(ErrorKind::kSettings, std::string(kRelative) + " must begin with a slash");
    }
    return Target{relativeBase + relative, kRelative};
  }
  const std::string full = environmentVariable(kFull);
  if (full.empty()) {
    return makeError(ErrorKind::kAbsent, std::string(kRelative) + " and " + kFull + " are not set");
  }
  return Target{full, kFull};
}

Result<std::string> readTokenFile(const std::string& path) {
  Result<std::string> token = readSmallFile(path, kMaxToken);
  if (!token) {
    return makeError(ErrorKind::kSettings,
                     std::string("the file of ") + kTokenFile + ": " + token.error().message);
  }
  if (token->empty()) {
    return makeError(ErrorKind::kSettings, std::string("the file of ") + kTokenFile + " is empty");
  }
  return token;
}

/// The value of Authorization; empty when there is none.
Result<std::string> findToken() {
  const std::string path = environmentVariable(kTokenFile);
  Result<std::string> token = path.empty() ? environmentVariable(kToken) : readTokenFile(path);
  if (token && std::any_of(token->begin(), token->end(), isControl)) {
    wipe(*token);
    return makeError(ErrorKind::kSettings, std::string("the token of ") +
                                               (path.empty() ? kToken : kTokenFile) +
                                               " has a line break or another control character");
  }
  return token;
}

Result<Credentials> ask(const http::CurlOptions& network, const http::Request& request,
                        const std::string& token, const CancelToken& cancel) {
  const auto answer = http::fetchDocument(network, request, {}, cancel);
  if (!answer) {
    return unanswered(kSource, answer.error());
  }
  if (answer->head.status != kOk) {
    return refusal(kSource, *answer, token);
  }
  CredentialMembers members;
  members.temporary = false;  // servers on the machine itself may have long-term keys
  return readCredentials(*answer, members, kSource);
}

}  // namespace

ContainerProvider::ContainerProvider(const http::CurlOptions& network, std::string relativeBase)
    : network_(network.directly(kTimeout)), relativeBase_(std::move(relativeBase)) {}

Result<Credentials> ContainerProvider::credentials(const CancelToken& cancel) {
  const Result<Target> target = findTarget(relativeBase_);
  if (!target) {
    return target.error();
  }
  const Result<http::Url> url = http::parseUrl(target->url);
  if (!url) {  // its error quotes the path, which ECS makes hard to guess for a reason
    return makeError(ErrorKind::kSettings,
                     std::string(target->variable) + " can't be used as a URL");
  }
  http::CurlOptions network = network_;
  const bool isPlain = url->scheme == "http";
  network.mayConnect = isPlain ? &isContainerHost : nullptr;
  Result<std::string> token = findToken();
  if (!token) {
    return token.error();
  }
  http::Request request;
  request.method = "GET";
  request.url = target->url;
  request.isPathSecret = true;
  request.headers.push_back({"Accept", "application/json"});
  if (!token->empty()) {
    request.headers.push_back({"Authorization", *token});
  }
  Result<Credentials> found = ask(network, request, *token, cancel);
  wipe(*token);
  if (!found && isPlain && found.error().kind == ErrorKind::kSettings) {
    return makeError(ErrorKind::kSettings,
                     url->authority + " (" + target->variable +
                         ") may be asked over https only; over http this machine, 169.254.170.2, "
                         "169.254.170.23 and [fd00:ec2::23]");
  }
  return found;
}

}  // namespace kvsarchive::aws
