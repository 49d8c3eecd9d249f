// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/shared_config.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// Which profile counts.
struct ProfileName {
  std::string name;
  std::string source;  ///< "profile", "AWS_PROFILE"; empty when nobody named one
};

/// The property, else AWS_PROFILE, else AWS_DEFAULT_PROFILE, else "default".
ProfileName profileName(const std::string& property);

/// The profile's settings; an empty section where nobody named a profile and there is no default
/// one. Never null; lives as long as `config`. Errors: kSettings when one was named that is in
/// neither file.
Result<const ConfigSection*> findProfile(const SharedConfig& config, const ProfileName& profile);

}  // namespace kvsarchive::aws
