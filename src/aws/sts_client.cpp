// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sts_client.h"

#include "aws/percent_encoded.h"
#include "aws/redacted.h"
#include "aws/sigv4.h"
#include "aws/sts_answer.h"
#include "aws/sts_refusal.h"

namespace kvsarchive::aws {
namespace {

constexpr int kOk = 200;

bool mayPass(const Error& error) {
  return error.kind == ErrorKind::kOpenRead || error.kind == ErrorKind::kRead ||
         error.kind == ErrorKind::kBusy;
}

}  // namespace

/// What is sent, and what must not come back in an error.
struct StsClient::Call {
  Call(std::string operationName, std::string form, const Credentials* signer)
      : operation(std::move(operationName)), body(std::move(form)), source(signer) {}
  ~Call() { wipe(body); }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  std::string operation;
  std::string body;
  const Credentials* source;  ///< null: not signed
  std::string_view token;
};

std::string StsClient::form(const std::string& operation, const RoleRequest& role) const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(access_.clock->now());
  const std::string sessionName =
      !role.sessionName.empty()
          ? role.sessionName
          : "gst-kvs-archive-" + std::to_string(seconds.time_since_epoch().count());
  std::string form = "Action=" + operation + "&Version=2011-06-15" +
                     "&RoleArn=" + percentEncoded(role.roleArn) +
                     "&RoleSessionName=" + percentEncoded(sessionName);
  if (role.durationSeconds > 0) {
    form += "&DurationSeconds=" + std::to_string(role.durationSeconds);
  }
  return form;
}

Result<Credentials> StsClient::assumeRole(const RoleRequest& role, const Credentials& source,
                                          const CancelToken& cancel) const {
  std::string body = form("AssumeRole", role);
  if (!role.externalId.empty()) {
    body += "&ExternalId=" + percentEncoded(role.externalId);
  }
  return repeat(Call("AssumeRole", std::move(body), &source), cancel);
}

Result<Credentials> StsClient::assumeRoleWithWebIdentity(const RoleRequest& role,
                                                         const std::string& token,
                                                         const CancelToken& cancel) const {
  std::string encoded = percentEncoded(token);
  std::string body = form("AssumeRoleWithWebIdentity", role);
  constexpr std::string_view kName = "&WebIdentityToken=";
  // Reserved at once, since a text that grows leaves copies behind.
  body.reserve(body.size() + kName.size() + encoded.size());
  body.append(kName).append(encoded);
  wipe(encoded);
  Call call("AssumeRoleWithWebIdentity", std::move(body), nullptr);
  call.token = token;
  return repeat(call, cancel);
}

Result<Credentials> StsClient::repeat(const Call& call, const CancelToken& cancel) const {
  auto pause = access_.attempts.pause;
  for (int attempt = 1;; ++attempt) {
    Result<Credentials> answer = callOnce(call, cancel);
    if (answer || !mayPass(answer.error()) || attempt >= access_.attempts.count) {
      return answer;
    }
    if (!cancel.sleepFor(pause)) {
      return cancelledError();
    }
    pause *= 2;
  }
}

Result<Credentials> StsClient::callOnce(const Call& call, const CancelToken& cancel) const {
  http::Request request;
  request.url = endpoint_.url + "/";
  request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"});
  request.headers.push_back({"Accept", "text/xml"});
  request.body = call.body;
  if (call.source != nullptr) {
    const Status isSigned =
        sign(request, *call.source, {endpoint_.region, "sts", access_.clock->now()});
    if (!isSigned) {
      return isSigned.error();
    }
  }
  constexpr http::DocumentAttempts kOne{1, std::chrono::milliseconds(0)};
  const Result<http::Document> answer = http::fetchDocument(access_.network, request, kOne, cancel);
  Error error;
  if (answer && answer->head.status == kOk) {
    Result<Credentials> found = parseStsCredentials(call.operation, answer->text);
    if (found) {
      return found;
    }
    error = makeError(ErrorKind::kDecode,
                      "STS gives no credentials that can be used: " + found.error().message);
  } else if (answer) {
    using View = std::string_view;
    error = stsRefusal(*answer, {call.token, call.source ? View(call.source->secretKey) : View(),
                                 call.source ? View(call.source->sessionToken) : View()});
  } else {
    error = answer.error();
  }
  error.operation = call.operation;
  return error;
}

}  // namespace kvsarchive::aws
