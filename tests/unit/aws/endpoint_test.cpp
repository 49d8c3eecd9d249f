// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/endpoint.h"

#include <gtest/gtest.h>

#include "support/aws_home.h"
#include "support/scoped_env.h"

namespace kvsarchive::aws {
namespace {

using test::ScopedEnv;

/// None of the variables that decide about endpoints.
class Endpoint : public testing::Test {
 protected:
  /// With the profile of that name in a config file of this text.
  std::string find(Service service, const std::string& override, const std::string& config,
                   const char* profileName = "default") const {
    home_.write(".aws/config", config);
    const auto shared = SharedConfig::load();
    EXPECT_TRUE(shared);
    const auto url =
        findEndpoint(service, {"eu-west-1", override, &*shared, shared->profile(profileName)});
    if (!url) {
      return (url.error().kind == ErrorKind::kSettings ? "settings: " : "other: ") +
             url.error().message;
    }
    return *url;
  }

 private:
  const test::AwsHome home_{"", ""};
  const ScopedEnv video_{"AWS_ENDPOINT_URL_KINESIS_VIDEO", nullptr};
};

constexpr const char* kConfig =
    "[default]\nservices = v\nendpoint_url = http://profile/\n"
    "[services v]\n"
    "kinesis_video =\n  endpoint_url = http://video-block/\n"
    "sts =\n  endpoint_url = http://sts-block/\n"
    "sso =\n  endpoint_url = http://sso-block/\n"
    "sso_oidc =\n  endpoint_url = http://oidc-block/\n"
    "[profile no-block]\nservices = empty\nendpoint_url = http://profile/\n"
    "[services empty]\nsts =\n  other = 1\n[services none]\n"
    "[profile nothing]\nregion = eu-west-1\n";

TEST_F(Endpoint, Precedence) {
  const struct {
    Service service;
    const char *variable, *block, *rules;
  } services[] = {
      {Service::kKinesisVideo, "AWS_ENDPOINT_URL_KINESIS_VIDEO", "http://video-block",
       "https://kinesisvideo.eu-west-1.amazonaws.com"},
      {Service::kSts, "AWS_ENDPOINT_URL_STS", "http://sts-block",
       "https://sts.eu-west-1.amazonaws.com"},
      {Service::kSso, "AWS_ENDPOINT_URL_SSO", "http://sso-block",
       "https://portal.sso.eu-west-1.amazonaws.com"},
      {Service::kSsoOidc, "AWS_ENDPOINT_URL_SSO_OIDC", "http://oidc-block",
       "https://oidc.eu-west-1.amazonaws.com"},
  };
  for (const auto& s : services) {
    EXPECT_EQ(find(s.service, "", kConfig, "nothing"), s.rules);
    EXPECT_EQ(find(s.service, "", kConfig, "not-there"), s.rules);
    EXPECT_EQ(find(s.service, "", kConfig, "no-block"), "http://profile");
    EXPECT_EQ(find(s.service, "", kConfig), s.block);
    const ScopedEnv all("AWS_ENDPOINT_URL", "http://all/");
    EXPECT_EQ(find(s.service, "", kConfig), "http://all");
    for (const auto& other : services) {
      const ScopedEnv own(other.variable, "http://own/");
      EXPECT_EQ(find(s.service, "", kConfig), &s == &other ? "http://own" : "http://all");
      EXPECT_EQ(find(s.service, "https://property:8443/a/", kConfig), "https://property:8443/a");
    }
  }
}

TEST_F(Endpoint, WhatIsConfiguredCanBeIgnored) {
  const std::string ignoring = std::string(
      "[profile p]\nignore_configured_endpoint_urls = True\nservices = none-such\n"
      "endpoint_url = http://profile\n");
  const ScopedEnv all("AWS_ENDPOINT_URL", "http://all");
  const char* const rules = "https://sts.eu-west-1.amazonaws.com";
  EXPECT_EQ(find(Service::kSts, "", ignoring, "p"), rules);
  EXPECT_EQ(find(Service::kSts, "http://property", ignoring, "p"), "http://property");
  {
    const ScopedEnv ignore("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    EXPECT_EQ(find(Service::kSts, "", kConfig), rules);
  }
  const ScopedEnv ignore("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "false");
  EXPECT_EQ(find(Service::kSts, "", ignoring, "p"), "http://all");
}

TEST_F(Endpoint, FlagsInTheProfile) {
  const char* const config =
      "[default]\nuse_fips_endpoint = true\n[profile both]\nuse_fips_endpoint = true\n"
      "use_dualstack_endpoint = TRUE\n[profile no]\nuse_fips_endpoint = false\n";
  EXPECT_EQ(find(Service::kSts, "", config), "https://sts-fips.eu-west-1.amazonaws.com");
  EXPECT_EQ(find(Service::kSts, "", config, "both"), "https://sts-fips.eu-west-1.api.aws");
  EXPECT_EQ(find(Service::kSts, "", config, "no"), "https://sts.eu-west-1.amazonaws.com");
  const ScopedEnv fips("AWS_USE_FIPS_ENDPOINT", "false");
  EXPECT_EQ(find(Service::kSts, "", config), "https://sts.eu-west-1.amazonaws.com");
  EXPECT_EQ(find(Service::kSts, "", config, "both"), "https://sts.eu-west-1.api.aws");
}

TEST_F(Endpoint, ErrorsNameTheSetting) {
  struct Case {
    const char *override, *config, *expected;
  };
  for (const Case& c : {
           Case{"", "[default]\nuse_fips_endpoint = yes",
                "use_fips_endpoint in the AWS profile: \"yes\" is neither true nor false"},
           Case{"", "[default]\nuse_dualstack_endpoint = 1",
                "use_dualstack_endpoint in the AWS profile: \"1\" is neither true nor false"},
           Case{"", "[default]\nignore_configured_endpoint_urls = on",
                "ignore_configured_endpoint_urls in the AWS profile: \"on\" is neither true nor "
                "false"},
           Case{"", "[default]\nservices = gone",
                "services in the AWS profile: the config file has no section for services "
                "\"gone\""},
           Case{"http://a", "[default]\nuse_fips_endpoint = true",
                "endpoint-url can't be used together with AWS_USE_FIPS_ENDPOINT or "
                "use_fips_endpoint"},
           Case{"http://a", "[default]\nuse_dualstack_endpoint = true",
                "endpoint-url can't be used together with AWS_USE_DUALSTACK_ENDPOINT or "
                "use_dualstack_endpoint"},
       }) {
    EXPECT_EQ(find(Service::kKinesisVideo, c.override, c.config),
              std::string("settings: ") + c.expected);
  }
  const ScopedEnv flag("AWS_USE_DUALSTACK_ENDPOINT", "no");
  EXPECT_EQ(find(Service::kKinesisVideo, "", ""),
            "settings: AWS_USE_DUALSTACK_ENDPOINT: \"no\" is neither true nor false");
}

TEST_F(Endpoint, UrlsThatCantBeUsed) {
  const char* const profile = "[default]\nendpoint_url = ftp://a\n";
  const char* const services =
      "[default]\nservices = v\n[services v]\nkinesis_video =\n  endpoint_url = ftp://a\n";
  const std::string expected[] = {
      find(Service::kKinesisVideo, "ftp://a", ""),
      find(Service::kKinesisVideo, "", profile),
      find(Service::kKinesisVideo, "", services),
  };
  const char* const sources[] = {"endpoint-url", "endpoint_url in the AWS profile",
                                 "endpoint_url of kinesis_video in services \"v\""};
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(expected[i].rfind("settings: " + std::string(sources[i]) + ": ", 0), 0U)
        << expected[i];
  }
  for (const char* bad : {"nowhere", "http://", "http://a?b", "http://user:SECRET@a"}) {
    const ScopedEnv url("AWS_ENDPOINT_URL", bad);
    const std::string error = find(Service::kKinesisVideo, "", "");
    EXPECT_EQ(error.rfind("settings: AWS_ENDPOINT_URL: ", 0), 0U) << error;
    EXPECT_EQ(error.find("SECRET"), std::string::npos);
  }
}

}  // namespace
}  // namespace kvsarchive::aws
