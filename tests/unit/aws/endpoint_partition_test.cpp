// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "aws/endpoint.h"
#include "aws/partition.h"
#include "support/scoped_env.h"

namespace kvsarchive::aws {
namespace {

using test::ScopedEnv;

Service serviceOf(const std::string& name) {
  return name == "kinesisvideo" ? Service::kKinesisVideo
         : name == "sts"        ? Service::kSts
         : name == "sso"        ? Service::kSso
                                : Service::kSsoOidc;
}

std::string resolve(Service service, const std::string& region, const char* fips,
                    const char* dualStack) {
  const ScopedEnv fipsVariable("AWS_USE_FIPS_ENDPOINT", fips);
  const ScopedEnv dualStackVariable("AWS_USE_DUALSTACK_ENDPOINT", dualStack);
  const auto url = findEndpoint(service, {region, ""});
  return url ? *url : url.error().message;
}

class EndpointPartition : public testing::Test {
 private:
  const ScopedEnv all_{"AWS_ENDPOINT_URL", nullptr};
  const ScopedEnv video_{"AWS_ENDPOINT_URL_KINESIS_VIDEO", nullptr};
  const ScopedEnv sts_{"AWS_ENDPOINT_URL_STS", nullptr};
  const ScopedEnv sso_{"AWS_ENDPOINT_URL_SSO", nullptr};
  const ScopedEnv oidc_{"AWS_ENDPOINT_URL_SSO_OIDC", nullptr};
};

TEST_F(EndpointPartition, HostsAreBotocores) {
  std::ifstream table(TEST_DATA_DIR "/endpoints/botocore.txt");
  size_t rows = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.front() == '#') {
      continue;
    }
    std::istringstream row(line);
    std::string service, region, plain, fips, dualStack, both;
    row >> service >> region >> plain >> fips >> dualStack >> both;
    ASSERT_FALSE(both.empty()) << line;
    const Service asked = serviceOf(service);
    EXPECT_EQ(resolve(asked, region, "false", "false"), "https://" + plain);
    EXPECT_EQ(resolve(asked, region, "true", nullptr), "https://" + fips);
    EXPECT_EQ(resolve(asked, region, "false", "true"), "https://" + dualStack);
    EXPECT_EQ(resolve(asked, region, "true", "true"), "https://" + both);
    // The one difference: where nobody says anything about FIPS, as AWS's KVS clients do it.
    const bool isFips = asked == Service::kKinesisVideo && partitionOf(region).isVideoFipsOnly;
    EXPECT_EQ(resolve(asked, region, nullptr, nullptr), "https://" + (isFips ? fips : plain));
    EXPECT_EQ(resolve(asked, region, "", "TRUE"), "https://" + (isFips ? both : dualStack));
    ++rows;
  }
  EXPECT_GT(rows, 150U);
}

TEST_F(EndpointPartition, WhereVideoIsFipsOnly) {
  struct Case {
    const char *region, *endpoint;
  };
  for (const Case& c : {
           Case{"eu-west-1", "https://kinesisvideo.eu-west-1.amazonaws.com"},
           Case{"us-gov-west-1", "https://kinesisvideo-fips.us-gov-west-1.amazonaws.com"},
           Case{"us-iso-east-1", "https://kinesisvideo-fips.us-iso-east-1.c2s.ic.gov"},
           Case{"us-isob-east-1", "https://kinesisvideo-fips.us-isob-east-1.sc2s.sgov.gov"},
           Case{"eu-isoe-west-1", "https://kinesisvideo.eu-isoe-west-1.cloud.adc-e.uk"},
           Case{"us-isof-south-1", "https://kinesisvideo.us-isof-south-1.csp.hci.ic.gov"},
           Case{"eusc-de-east-1", "https://kinesisvideo.eusc-de-east-1.amazonaws.eu"},
       }) {
    EXPECT_EQ(resolve(Service::kKinesisVideo, c.region, nullptr, nullptr), c.endpoint);
  }
}

}  // namespace
}  // namespace kvsarchive::aws
