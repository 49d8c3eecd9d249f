// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sts_endpoint.h"

#include <gtest/gtest.h>

#include "show.h"
#include "support/aws_home.h"

namespace kvsarchive::aws {
namespace {

using test::AwsHome;
using test::ScopedEnv;

struct Case {
  const char *region, *variable, *config, *expected;
};

TEST(StsEndpoint, RegionalUnlessSaidOtherwise) {
  for (const Case& c : {
           Case{"eu-west-1", nullptr, "", "https://sts.eu-west-1.amazonaws.com eu-west-1"},
           Case{"cn-north-1", nullptr, "", "https://sts.cn-north-1.amazonaws.com.cn cn-north-1"},
           Case{"eu-west-1", "regional", "sts_regional_endpoints=legacy",
                "https://sts.eu-west-1.amazonaws.com eu-west-1"},
           Case{"eu-west-1", "legacy", "", "https://sts.amazonaws.com us-east-1"},
           Case{"us-west-2", "", "sts_regional_endpoints=legacy",
                "https://sts.amazonaws.com us-east-1"},
           // Regions that have always had their own.
           Case{"eu-south-1", "legacy", "", "https://sts.eu-south-1.amazonaws.com eu-south-1"},
           Case{"cn-north-1", "legacy", "", "https://sts.cn-north-1.amazonaws.com.cn cn-north-1"},
           // What is configured stays.
           Case{"eu-west-1", "legacy", "endpoint_url=http://127.0.0.1:1/",
                "http://127.0.0.1:1 eu-west-1"},
           Case{"us-east-1", "legacy", "use_fips_endpoint=true",
                "https://sts-fips.us-east-1.amazonaws.com us-east-1"},
           Case{"eu-west-1", "Legacy", "",
                "settings: AWS_STS_REGIONAL_ENDPOINTS is \"Legacy\", which is neither regional nor "
                "legacy"},
           Case{"eu-west-1", nullptr, "sts_regional_endpoints=x",
                "settings: sts_regional_endpoints in the AWS profile is \"x\", which is neither "
                "regional nor legacy"},
       }) {
    const AwsHome home("[default]\n" + std::string(c.config) + "\n", "");
    const ScopedEnv variable("AWS_STS_REGIONAL_ENDPOINTS", c.variable);
    const auto config = SharedConfig::load();
    ASSERT_TRUE(config);
    const auto found = findStsEndpoint(c.region, *config, *config->profile("default"));
    EXPECT_EQ(found ? found->url + " " + found->region : showError(found.error()), c.expected);
  }
}

}  // namespace
}  // namespace kvsarchive::aws
