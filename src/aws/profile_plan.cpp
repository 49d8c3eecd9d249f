// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/profile_plan.h"

#include <algorithm>

#include "aws/profile_error.h"
#include "aws/profile_source.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

Error wrong(const std::string& profile, const std::string& why) {
  return profileError(ErrorKind::kSettings, profile, why);
}

Result<NamedSource> namedSource(const std::string& profile, const std::string& name) {
  if (name == "Environment") {
    return NamedSource::kEnvironment;
  }
  if (name == "Ec2InstanceMetadata") {
    return NamedSource::kEc2InstanceMetadata;
  }
  if (name == "EcsContainer") {
    return NamedSource::kEcsContainer;
  }
  return wrong(profile, "has credential_source " + quoted(name) +
                            ", which is none of Environment, Ec2InstanceMetadata, EcsContainer");
}

/// Follows source_profile from one profile to the next.
class Planner {
 public:
  Planner(const SharedConfig& config, std::string profile, const ConfigSection& section)
      : config_(config), visited_{std::move(profile)}, section_(&section) {}

  Result<ProfilePlan> plan() {
    while (assumesRole()) {
      const Status noted = noteRole();
      if (!noted) {
        return noted.error();
      }
      const std::string& named = section_->get("credential_source");
      if (!named.empty()) {
        const Result<NamedSource> source = namedSource(current(), named);
        return source ? finished({current(), *source, {}}) : Result<ProfilePlan>(source.error());
      }
      const std::string& source = section_->get("source_profile");
      if (source == current() && hasKeys(*section_)) {
        break;
      }
      const Status entered = enter(source);
      if (!entered) {
        return entered.error();
      }
    }
    Result<ProfilePlan> own = planOwnSource(config_, current(), *section_);
    if (own) {
      return finished(std::move(*own));
    }
    const bool isMissing = own.error().kind == ErrorKind::kAbsent && !roles_.empty();
    return isMissing ? makeError(ErrorKind::kSettings, own.error().message) : own.error();
  }

 private:
  const std::string& current() const { return visited_.back(); }

  /// Whether this profile is a role that another source's credentials are needed for.
  bool assumesRole() const {
    const bool isSourceWithKeys = !roles_.empty() && hasKeys(*section_);
    return !section_->get("role_arn").empty() && section_->get("web_identity_token_file").empty() &&
           !isSourceWithKeys;
  }

  Status noteRole() {
    const bool hasProfile = !section_->get("source_profile").empty();
    const bool hasNamed = !section_->get("credential_source").empty();
    if (!hasProfile && !hasNamed) {
      return wrong(current(), "has role_arn, but neither source_profile nor credential_source");
    }
    if (hasProfile && hasNamed) {
      return wrong(current(), "has both source_profile and credential_source");
    }
    if (!section_->get("mfa_serial").empty()) {
      return wrong(current(),
                   "has mfa_serial, but nobody can be asked for a code here: use a profile with "
                   "temporary credentials or SSO");
    }
    Result<RoleRequest> role = roleOf(current(), *section_);
    if (!role) {
      return role.error();
    }
    roles_.push_back({current(), std::move(*role)});
    return {};
  }

  Status enter(const std::string& source) {
    if (std::find(visited_.begin(), visited_.end(), source) != visited_.end()) {
      std::string circle;
      for (const std::string& profile : visited_) {
        circle += quoted(profile) + ", ";
      }
      return makeError(
          ErrorKind::kSettings,
          "source_profile leads from profile to profile in a circle: " + circle + quoted(source));
    }
    const ConfigSection* const next = config_.profile(source);
    if (next == nullptr) {
      return wrong(current(), "has source_profile " + quoted(source) + ", which does not exist");
    }
    visited_.push_back(source);
    section_ = next;
    return {};
  }

  ProfilePlan finished(ProfilePlan plan) const {
    plan.roles.assign(roles_.rbegin(), roles_.rend());
    return plan;
  }

  const SharedConfig& config_;
  std::vector<std::string> visited_;
  const ConfigSection* section_;  ///< of the last of them
  std::vector<RoleStep> roles_;   ///< the last one to assume first
};

}  // namespace

Result<ProfilePlan> planProfile(const SharedConfig& config, const ProfileName& profile) {
  const Result<const ConfigSection*> section = findProfile(config, profile);
  return section ? Planner(config, profile.name, **section).plan() : section.error();
}

}  // namespace kvsarchive::aws
