// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "support/emulator_process.h"
#include "support/scoped_env.h"

namespace kvsarchive::test {

/// A stream cam1 with 60 pictures and sound.
inline constexpr const char* kSixSeconds = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 160, "height": 120, "fragments": 6, "fragment-duration": 1,
     "fps": 10, "audio": [{"codec": "aac"}], "start": "2026-03-01T10:00:00Z"}]}]})";
inline constexpr const char* kSixSecondsUri =
    "kvs://us-east-1/cam1?start=2026-03-01T11:00:00+01:00&end=2026-03-01T10:10:00Z";

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
