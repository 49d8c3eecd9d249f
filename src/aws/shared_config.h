// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <utility>

#include "aws/config_section.h"
#include "aws/profile_file.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// The AWS config file and the shared credentials file, read once. Secrets are wiped when it goes.
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
class SharedConfig {
 public:
  /// Reads AWS_CONFIG_FILE (~/.aws/config) and AWS_SHARED_CREDENTIALS_FILE (~/.aws/credentials). A
  /// file that does not exist has nothing in it. Where both have a key, the credentials file's
  /// value counts.
  /// Errors: kSettings for what can't be read, is no such file, or has more than 1 MiB; with file
  /// and line, never with its text.
  static Result<SharedConfig> load();

  // Null when there is none of that name.
  const ConfigSection* profile(const std::string& name) const;  ///< of both files, merged
  const ConfigSection* ssoSession(const std::string& name) const;
  const ConfigSection* services(const std::string& name) const;

 private:
  explicit SharedConfig(ProfileFile both) : both_(std::move(both)) {}

  ProfileFile both_;
};

}  // namespace kvsarchive::aws
