// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/container_provider.h"
#include "metadata_test_util.h"
#include "support/scoped_env.h"

namespace kvsarchive::aws {

inline constexpr const char* kKeys =
    R"({"AccessKeyId":"id","SecretAccessKey":"key","Token":"tok","Expiration":"2026-03-01T10:00:00Z"})";
inline constexpr const char* kShown = "id/key/tok until 2026-03-01T10:00:00.000Z";

/// The variables, as given; those that are left out are not set.
struct Variables {
  const char* relative = nullptr;
  const char* full = nullptr;
  const char* token = nullptr;
  const char* tokenFile = nullptr;
};

struct Environment {
  explicit Environment(const Variables& v)
      : relative("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", v.relative),
        full("AWS_CONTAINER_CREDENTIALS_FULL_URI", v.full),
        token("AWS_CONTAINER_AUTHORIZATION_TOKEN", v.token),
        tokenFile("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", v.tokenFile) {}
  test::ScopedEnv relative, full, token, tokenFile;
};

inline std::string ask(const Variables& variables, const std::string& base = "http://127.0.0.1:1",
                       const http::CurlOptions& network = {}) {
  const Environment environment(variables);
  return shown(ContainerProvider(network, base).credentials(kUncancelled));
}

}  // namespace kvsarchive::aws
