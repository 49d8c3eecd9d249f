// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sso_endpoints.h"

#include <gtest/gtest.h>

#include "show.h"
#include "support/aws_home.h"

namespace kvsarchive::aws {
namespace {

using test::AwsHome;

std::string find(const std::string& region, const std::string& profile) {
  const AwsHome home("[profile p]\n" + profile +
                         "\n[services v]\nsso_oidc=\n"
                         "  endpoint_url=http://127.0.0.1:1/oidc/\n",
                     "");
  const auto config = SharedConfig::load();
  EXPECT_TRUE(config);
  const SsoLogin login{"p", "", "U", region, "1", "N"};
  const auto found = findSsoEndpoints(login, *config, *config->profile("p"));
  return found ? found->portal + " " + found->oidc : showError(found.error());
}

TEST(SsoEndpoints, AreThoseOfTheLoginsRegion) {
  EXPECT_EQ(find("eu-west-1", "region=us-east-1"),
            "https://portal.sso.eu-west-1.amazonaws.com https://oidc.eu-west-1.amazonaws.com");
  EXPECT_EQ(find("eu-west-1", "services=v"),
            "https://portal.sso.eu-west-1.amazonaws.com http://127.0.0.1:1/oidc");
  EXPECT_EQ(find("evil.example/", ""),
            "settings: \"evil.example/\" (sso_region) is not an AWS region such as eu-west-1");
  EXPECT_EQ(find("eu-west-1", "use_fips_endpoint=perhaps").substr(0, 9), "settings:");
}

}  // namespace
}  // namespace kvsarchive::aws
