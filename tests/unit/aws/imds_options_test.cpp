// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/imds_options.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>

#include "metadata_test_util.h"
#include "support/scoped_env.h"

namespace kvsarchive::aws {
namespace {

using Pairs = std::vector<std::pair<const char*, const char*>>;

constexpr const char* kVariables[] = {
    "AWS_EC2_METADATA_DISABLED",         "AWS_EC2_METADATA_V1_DISABLED",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_METADATA_SERVICE_TIMEOUT",      "AWS_METADATA_SERVICE_NUM_ATTEMPTS"};

/// "http://169.254.169.254 1000 ms 1x", with "disabled" or "v1 disabled", or the error.
std::string read(const Pairs& variables, const Pairs& keys) {
  std::list<test::ScopedEnv> environment;
  for (const char* name : kVariables) {
    const auto given = std::find_if(variables.begin(), variables.end(), [&](const auto& variable) {
      return std::string(variable.first) == name;
    });
    environment.emplace_back(name, given == variables.end() ? nullptr : given->second);
  }
  ConfigSection profile;
  for (const auto& [name, value] : keys) {
    profile.values[name] = value;
  }
  const auto options = imdsOptions(keys.empty() ? nullptr : &profile);
  if (!options) {
    return std::string(kindName(options.error().kind)) + ": " + options.error().message;
  }
  return options->endpoint + " " + std::to_string(options->timeout.count()) + " ms " +
         std::to_string(options->attempts) + "x" + (options->disabled ? " disabled" : "") +
         (options->v1Disabled ? " v1 disabled" : "");
}

TEST(ImdsOptions, ComeFromEnvironmentAndProfile) {
  const char* const endpoint = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
  const char* const mode = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
  const char* const endpointKey = "ec2_metadata_service_endpoint";
  const char* const modeKey = "ec2_metadata_service_endpoint_mode";
  const std::string standard = "http://169.254.169.254 1000 ms 1x";
  const struct {
    Pairs variables;
    Pairs keys;
    std::string expected;
  } cases[] = {
      {{}, {}, standard},
      {{}, {{"region", "x"}}, standard},
      {{{"AWS_EC2_METADATA_DISABLED", "TRUE"}}, {}, standard + " disabled"},
      {{{"AWS_EC2_METADATA_DISABLED", "true"}, {mode, "bad"}}, {}, standard + " disabled"},
      {{{"AWS_EC2_METADATA_DISABLED", "1"}}, {}, standard},
      {{{"AWS_EC2_METADATA_DISABLED", ""}}, {}, standard},
      {{{"AWS_EC2_METADATA_V1_DISABLED", "True"}}, {}, standard + " v1 disabled"},
      {{}, {{"ec2_metadata_v1_disabled", "true"}}, standard + " v1 disabled"},
      {{{"AWS_EC2_METADATA_V1_DISABLED", "false"}},
       {{"ec2_metadata_v1_disabled", "true"}},
       standard},
      {{{"AWS_EC2_METADATA_V1_DISABLED", ""}},
       {{"ec2_metadata_v1_disabled", "true"}},
       standard + " v1 disabled"},
      {{{mode, "ipv6"}}, {}, "http://[fd00:ec2::254] 1000 ms 1x"},
      {{{mode, "IPv4"}}, {{modeKey, "IPv6"}}, standard},
      {{}, {{modeKey, "IPv6"}}, "http://[fd00:ec2::254] 1000 ms 1x"},
      {{{mode, "IPv5"}},
       {},
       "settings: AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is \"IPv5\", but must be IPv4 or IPv6"},
      {{},
       {{modeKey, "x"}},
       "settings: ec2_metadata_service_endpoint_mode in the AWS profile is \"x\", but must be IPv4 "
       "or IPv6"},
      {{{endpoint, "http://localhost:1338/"}}, {}, "http://localhost:1338 1000 ms 1x"},
      {{{endpoint, "http://localhost:1338"}, {mode, "bad"}},
       {},
       "http://localhost:1338 1000 ms 1x"},
      {{{mode, "IPv6"}}, {{endpointKey, "http://[::1]:80/base/"}}, "http://[::1]/base 1000 ms 1x"},
      {{{endpoint, "http://one"}}, {{endpointKey, "http://two"}}, "http://one 1000 ms 1x"},
      {{{endpoint, "localhost"}},
       {},
       "settings: AWS_EC2_METADATA_SERVICE_ENDPOINT: \"localhost\" can't be used: Bad scheme"},
      {{},
       {{endpointKey, "http://u:topsecret@host/"}},
       "settings: ec2_metadata_service_endpoint in the AWS profile: the URL can't be used: "
       "Credentials was passed in "
       "the URL when prohibited"},
      {{{"AWS_METADATA_SERVICE_TIMEOUT", "5"}, {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "3"}},
       {},
       "http://169.254.169.254 5000 ms 3x"},
      {{},
       {{"metadata_service_timeout", "2"}, {"metadata_service_num_attempts", "100"}},
       "http://169.254.169.254 2000 ms 100x"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(read(c.variables, c.keys), c.expected);
  }
  for (const char* value : {"0", "-1", "1.5", "x", "1x", " 1", "3601", "99999999999999"}) {
    EXPECT_EQ(read({{"AWS_METADATA_SERVICE_TIMEOUT", value}}, {}),
              "settings: AWS_METADATA_SERVICE_TIMEOUT is \"" + std::string(value) +
                  "\", but must be a whole number from 1 to 3600");
    EXPECT_EQ(read({}, {{"metadata_service_num_attempts", value}}),
              "settings: metadata_service_num_attempts in the AWS profile is \"" +
                  std::string(value) + "\", but must be a whole number from 1 to 100");
  }
}

}  // namespace
}  // namespace kvsarchive::aws
