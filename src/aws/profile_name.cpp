// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/profile_name.h"

#include "aws/environment.h"
#include "base/text.h"

namespace kvsarchive::aws {

ProfileName profileName(const std::string& property) {
  if (!property.empty()) {
    return {property, "profile"};
  }
  for (const char* variable : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
    std::string name = environmentVariable(variable);
    if (!name.empty()) {
      return {std::move(name), variable};
    }
  }
  return {"default", ""};
}

Result<const ConfigSection*> findProfile(const SharedConfig& config, const ProfileName& profile) {
  static const ConfigSection none;
  const ConfigSection* const found = config.profile(profile.name);
  if (found == nullptr && !profile.source.empty()) {
    return makeError(ErrorKind::kSettings,
                     "the AWS profile " + quoted(profile.name) + " (" + profile.source +
                         ") is neither in the config file nor in the credentials file");
  }
  return found == nullptr ? &none : found;
}

}  // namespace kvsarchive::aws
