// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "support/scoped_env.h"
#include "support/temp_folder.h"

namespace kvsarchive::test {

/// A home folder with AWS's files in it, and none of AWS's variables that tests look at, while it
/// lives.
class AwsHome {
 public:
  AwsHome(const std::string& config, const std::string& credentials) {
    std::filesystem::create_directories(path(".aws/sso/cache"));
    write(".aws/config", config);
    write(".aws/credentials", credentials);
  }

  std::string path(const std::string& name) const { return folder_.path(name); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
  }
  std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path(name), std::ios::binary).rdbuf();
    return text.str();
  }

 private:
  const TempFolder folder_;
  const ScopedEnv home_{"HOME", folder_.path().c_str()};
  const ScopedEnv config_{"AWS_CONFIG_FILE", nullptr};
  const ScopedEnv credentials_{"AWS_SHARED_CREDENTIALS_FILE", nullptr};
  const ScopedEnv endpoint_{"AWS_ENDPOINT_URL", nullptr};
  const ScopedEnv sts_{"AWS_ENDPOINT_URL_STS", nullptr};
  const ScopedEnv sso_{"AWS_ENDPOINT_URL_SSO", nullptr};
  const ScopedEnv oidc_{"AWS_ENDPOINT_URL_SSO_OIDC", nullptr};
  const ScopedEnv ignore_{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", nullptr};
  const ScopedEnv fips_{"AWS_USE_FIPS_ENDPOINT", nullptr};
  const ScopedEnv dualStack_{"AWS_USE_DUALSTACK_ENDPOINT", nullptr};
  const ScopedEnv regional_{"AWS_STS_REGIONAL_ENDPOINTS", nullptr};
  const ScopedEnv tokenFile_{"AWS_WEB_IDENTITY_TOKEN_FILE", nullptr};
  const ScopedEnv role_{"AWS_ROLE_ARN", nullptr};
  const ScopedEnv session_{"AWS_ROLE_SESSION_NAME", nullptr};
};

}  // namespace kvsarchive::test
