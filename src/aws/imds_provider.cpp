// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/imds_provider.h"

#include <glib.h>

#include <algorithm>
#include <utility>

#include "aws/imds_client.h"
#include "aws/json_credentials.h"
#include "aws/refusal.h"
#include "base/json_document.h"
#include "base/log.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* kSource = "the EC2 metadata service";
constexpr const char* kRolesPath = "/latest/meta-data/iam/security-credentials/";
constexpr size_t kMaxRoleName = 64;
constexpr int kNotFound = 404;
constexpr minutes kSoon{15};
constexpr int kLeastExtraSeconds = 120;
constexpr int kMostExtraSeconds = 600;

Error noRole() {
  return makeError(ErrorKind::kAbsent, "no IAM role is attached to this EC2 instance");
}

bool isRoleChar(char c) {
  return g_ascii_isalnum(c) != 0 || std::string_view("+=,.@_-").find(c) != std::string_view::npos;
}

Result<std::string> findRole(ImdsClient& client, const CancelToken& cancel) {
  const auto list = client.get(kRolesPath, cancel);
  if (!list) {
    return list.error();
  }
  const std::string role = firstLine(list->text);
  if (list->head.status == kNotFound || role.empty()) {
    return noRole();
  }
  if (role.size() > kMaxRoleName || !std::all_of(role.begin(), role.end(), isRoleChar)) {
    return makeError(ErrorKind::kDecode,
                     std::string(kSource) + " does not answer with the name of an IAM role");
  }
  return role;
}

/// Whether it has credentials; local stand-ins for the service may have no Code.
bool isSuccess(const http::Document& answer) {
  const Result<JsonDocument> json = JsonDocument::parse(answer.text);
  if (!json) {
    return true;  // readCredentials() says what is wrong
  }
  const auto code = json->root().optionalString("Code");
  return code && (code->empty() || *code == "Success");
}

Result<Credentials> ask(ImdsClient& client, const CancelToken& cancel) {
  const Result<std::string> role = findRole(client, cancel);
  if (!role) {
    return role.error();
  }
  const auto answer = client.get(kRolesPath + *role, cancel);
  if (!answer) {
    return answer.error();
  }
  if (answer->head.status == kNotFound) {
    return noRole();  // any more
  }
  if (!isSuccess(*answer)) {
    return refusal(kSource, *answer, client.token());
  }
  return readCredentials(*answer, {}, kSource);
}

}  // namespace

ImdsProvider::ImdsProvider(http::CurlOptions network, Result<ImdsOptions> options,
                           const Clock& clock)
    : network_(std::move(network)), options_(std::move(options)), clock_(clock) {}

Result<Credentials> ImdsProvider::credentials(const CancelToken& cancel) {
  if (!options_) {
    return options_.error();
  }
  ImdsClient client(network_, *options_);
  Result<Credentials> found = ask(client, cancel);
  if (!found) {
    if (found.error().kind == ErrorKind::kAbsent && hasGiven_) {
      found.error().kind = ErrorKind::kOpenRead;  // it was there, and may come back
      found.error().recovery = usualRecovery(ErrorKind::kOpenRead);
    }
    return found;
  }
  hasGiven_ = true;
  return lasting(std::move(*found));
}

Credentials ImdsProvider::lasting(Credentials found) {
  const UnixTime now = clock_.now();
  const auto atLeast =
      kSoon + seconds(g_random_int_range(kLeastExtraSeconds, kMostExtraSeconds + 1));
  if (*found.expires > now) {
    hasWarned_ = false;
  } else if (!hasWarned_.exchange(true)) {
    log::write(
        log::Level::kWarning, log::Area::kAuth,
        std::string(kSource) +
            " hands out credentials that have expired; they are used on until it has others");
  }
  found.expires = std::max(*found.expires, now + atLeast);
  return found;
}

}  // namespace kvsarchive::aws
