// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/profile_sso.h"

#include "aws/profile_error.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

constexpr const char* kStartUrl = "sso_start_url";
constexpr const char* kRegion = "sso_region";
constexpr const char* kAccount = "sso_account_id";
constexpr const char* kRole = "sso_role_name";

Error wrong(const std::string& profile, const std::string& why) {
  return profileError(ErrorKind::kSettings, profile, why);
}

}  // namespace

bool hasSsoRole(const ConfigSection& section) {
  return !section.get(kAccount).empty() || !section.get(kRole).empty();
}

Result<SsoLogin> ssoLoginOf(const SharedConfig& config, const std::string& profile,
                            const ConfigSection& section) {
  SsoLogin login{profile,
                 section.get("sso_session"),
                 section.get(kStartUrl),
                 section.get(kRegion),
                 section.get(kAccount),
                 section.get(kRole)};
  if (!login.session.empty()) {
    const ConfigSection* const session = config.ssoSession(login.session);
    if (session == nullptr) {
      return wrong(profile, "has sso_session " + quoted(login.session) +
                                ", but there is no such sso-session section");
    }
    for (const auto& [key, value] :
         {std::pair(kStartUrl, &login.startUrl), std::pair(kRegion, &login.region)}) {
      const std::string& shared = session->get(key);
      if (!value->empty() && !shared.empty() && *value != shared) {
        return wrong(profile, std::string("has another ") + key + " than its sso-session " +
                                  quoted(login.session));
      }
      *value = shared.empty() ? *value : shared;
    }
  }
  std::string missing;
  for (const auto& [key, value] :
       {std::pair(kAccount, &login.accountId), std::pair(kRole, &login.roleName),
        std::pair(kStartUrl, &login.startUrl), std::pair(kRegion, &login.region)}) {
    missing += value->empty() ? std::string(missing.empty() ? "" : ", ") + key : "";
  }
  if (!missing.empty()) {
    return wrong(profile, "is set up for SSO, but has no " + missing);
  }
  return login;
}

}  // namespace kvsarchive::aws
