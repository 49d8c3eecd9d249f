// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/profile_source.h"

#include "aws/profile_error.h"
#include "aws/profile_sso.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

constexpr const char* kId = "aws_access_key_id";
constexpr const char* kSecret = "aws_secret_access_key";

Error wrong(const std::string& profile, const std::string& why) {
  return profileError(ErrorKind::kSettings, profile, why);
}

Result<Credentials> keysOf(const std::string& profile, const ConfigSection& section) {
  const std::string& id = section.get(kId);
  const std::string& secret = section.get(kSecret);
  if (id.empty() || secret.empty()) {
    return wrong(profile, std::string("has ") + (id.empty() ? kSecret : kId) + ", but no " +
                              (id.empty() ? kId : kSecret));
  }
  const std::string& token = section.get("aws_session_token");
  return Credentials(id, secret, token.empty() ? section.get("aws_security_token") : token);
}

Result<WebIdentity> webIdentityOf(const std::string& profile, const ConfigSection& section) {
  if (section.get("role_arn").empty()) {
    return wrong(profile, "has web_identity_token_file, but no role_arn");
  }
  Result<RoleRequest> role = roleOf(profile, section);
  if (!role) {
    return role.error();
  }
  return WebIdentity{section.get("web_identity_token_file"), std::move(*role)};
}

template <typename T>
Result<ProfilePlan> planned(const std::string& profile, Result<T> first) {
  if (!first) {
    return first.error();
  }
  return ProfilePlan{profile, std::move(*first), {}};
}

}  // namespace

bool hasKeys(const ConfigSection& section) {
  return !section.get(kId).empty() || !section.get(kSecret).empty();
}

Result<RoleRequest> roleOf(const std::string& profile, const ConfigSection& section) {
  constexpr int kMinDuration = 900;
  constexpr int kMaxDuration = 43'200;
  RoleRequest role{section.get("role_arn"), section.get("role_session_name"),
                   section.get("external_id"), 0};
  const std::string& duration = section.get("duration_seconds");
  if (duration.empty()) {
    return role;
  }
  const auto seconds = parseWhole(duration, kMinDuration, kMaxDuration);
  if (!seconds) {
    return wrong(profile, "has duration_seconds " + quoted(duration) +
                              ", which is no whole number from 900 to 43200");
  }
  role.durationSeconds = *seconds;
  return role;
}

Result<ProfilePlan> planOwnSource(const SharedConfig& config, const std::string& profile,
                                  const ConfigSection& section) {
  if (!section.get("web_identity_token_file").empty()) {
    return planned(profile, webIdentityOf(profile, section));
  }
  if (hasSsoRole(section)) {
    return planned(profile, ssoLoginOf(config, profile, section));
  }
  if (section.hasCredentialsFileKeys && hasKeys(section)) {
    return planned(profile, keysOf(profile, section));
  }
  if (!section.get("login_session").empty()) {
    return wrong(profile, "has login_session, which is not supported: use SSO or a role");
  }
  if (!section.get("credential_process").empty()) {
    return ProfilePlan{profile, ProcessCommand{section.get("credential_process")}, {}};
  }
  if (hasKeys(section)) {
    return planned(profile, keysOf(profile, section));
  }
  return profileError(ErrorKind::kAbsent, profile, "has no credentials");
}

}  // namespace kvsarchive::aws
