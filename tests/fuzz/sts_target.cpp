// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "aws/sts_answer.h"
#include "aws/sts_refusal.h"
#include "checks.h"
#include "targets.h"

namespace kvsarchive::fuzz {
namespace {

constexpr const char* kSecret = "secret-token-that-was-sent";
constexpr size_t kTelling = 12;  // characters of a secret in a row

bool isKey(const std::string& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

void checkCredentials(const Result<aws::Credentials>& found, Checks* checks) {
  if (!found) {
    checks->require(found.error().kind == ErrorKind::kDecode, "an error of another kind");
    checks->requireClear(found.error());
    return;
  }
  checks->require(
      isKey(found->accessKeyId) && isKey(found->secretKey) && isKey(found->sessionToken),
      "keys that can't be sent");
  checks->require(found->expires && toMillis(*found->expires) >= 0, "no time of expiry");
}

void checkRefusal(const Error& error, Checks* checks) {
  checks->requireClear(error);
  checks->require(error.message.size() < 2048, "a message that is too long for one line");
  checks->require(isUtf8(error.awsCode) && error.awsCode.size() <= 100, "a code that is no word");
  const std::string secret = kSecret;
  for (size_t i = 0; i + kTelling <= secret.size(); ++i) {
    checks->require(error.message.find(secret.substr(i, kTelling)) == std::string::npos,
                    "a secret is told");
  }
}

}  // namespace

std::string sts(std::string_view input) {
  Checks checks;
  checkCredentials(aws::parseStsCredentials("AssumeRole", input), &checks);
  checkCredentials(aws::parseStsCredentials("AssumeRoleWithWebIdentity", input), &checks);
  http::Document answer;
  answer.head.status = 400;
  answer.text = input;
  checkRefusal(aws::stsRefusal(answer, {kSecret}), &checks);
  return checks.problem();
}

}  // namespace kvsarchive::fuzz
