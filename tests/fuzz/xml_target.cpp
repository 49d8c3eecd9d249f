// SPDX-License-Identifier: LGPL-2.1-or-later
#include <glib.h>

#include <algorithm>

#include "checks.h"
#include "kvs/error_body.h"
#include "kvs/service_error.h"
#include "targets.h"

namespace kvsarchive::fuzz {
namespace {

constexpr const char* kSecretFollows = "the canonical string";

void checkError(const Error& error, Checks* checks) {
  checks->requireClear(error);
  checks->require(error.message.size() < 2048, "a message that is too long for one line");
  std::string lower = error.message;
  std::transform(lower.begin(), lower.end(), lower.begin(), g_ascii_tolower);
  checks->require(lower.find(kSecretFollows) == std::string::npos, "a secret is told");
  checks->require(isUtf8(error.awsCode) && error.awsCode.size() <= 100, "a code that is no word");
  checks->require(isUtf8(error.requestId), "a request id that is not UTF-8");
}

}  // namespace

std::string xml(std::string_view input) {
  Checks checks;
  const std::string body(input);
  checkError(kvs::decodeServiceError({400, {}}, body), &checks);
  // The same bytes as what a header says.
  const std::string header(input.substr(0, input.find('\n')));
  checkError(kvs::decodeServiceError(
                 {500, {{"x-amzn-ErrorType", header}, {"x-amzn-RequestId", header}}}, body),
             &checks);
  (void)kvs::isTextual({200, {{"Content-Type", header}}});
  return checks.problem();
}

}  // namespace kvsarchive::fuzz
