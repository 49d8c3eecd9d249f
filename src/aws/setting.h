// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "aws/config_section.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// What AWS's tools take from an environment variable, else from the profile.
struct Setting {
  std::string value;   ///< empty = not set
  std::string source;  ///< for messages: "AWS_CA_BUNDLE", "ca_bundle in the AWS profile"
};

/// `key` is the name in the profile.
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
Setting findSetting(const char* variable, const ConfigSection& profile, const char* key);

/// A setting that is true or false, in any case; nothing when it is not set.
/// Errors: kSettings for any other value, naming the source.
Result<std::optional<bool>> findFlag(const char* variable, const ConfigSection& profile,
                                     const char* key);

}  // namespace kvsarchive::aws
