// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "support/emulator_process.h"
#include "support/scoped_env.h"

namespace kvsarchive::test {

/// All that a player needs besides a kvs:// URI, as long as it lives.
class PlayerEnvironment {
 public:
  explicit PlayerEnvironment(const std::string& endpoint)
      : endpoint_("AWS_ENDPOINT_URL_KINESIS_VIDEO", endpoint.c_str()) {}

 private:
  ScopedEnv endpoint_;
  ScopedEnv key_{"AWS_ACCESS_KEY_ID", kAccessKey};
  ScopedEnv secret_{"AWS_SECRET_ACCESS_KEY", kSecretKey};
  ScopedEnv token_{"AWS_SESSION_TOKEN", nullptr};
  ScopedEnv region_{"AWS_REGION", "us-east-1"};
};

}  // namespace kvsarchive::test
