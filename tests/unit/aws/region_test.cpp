// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/region.h"

#include <gtest/gtest.h>

#include "aws/endpoint.h"
#include "support/scoped_env.h"

namespace kvsarchive::aws {
namespace {

using test::ScopedEnv;

TEST(Region, Precedence) {
  struct Case {
    const char *property, *arn, *environment, *defaultEnvironment, *expected;
  };
  for (const Case& c : {
           Case{"eu-west-1", "", "us-east-1", "us-east-2", "eu-west-1"},
           Case{"eu-west-1", "eu-west-1", nullptr, nullptr, "eu-west-1"},
           Case{"", "eu-west-2", "us-east-1", "us-east-2", "eu-west-2"},
           Case{"", "", "us-east-1", "us-east-2", "us-east-1"},
           Case{"", "", nullptr, "us-east-2", "us-east-2"},
           Case{"", "", "", "us-east-2", "us-east-2"},
       }) {
    const ScopedEnv region("AWS_REGION", c.environment);
    const ScopedEnv defaultRegion("AWS_DEFAULT_REGION", c.defaultEnvironment);
    const Result<std::string> resolved = resolveRegion(c.property, c.arn);
    ASSERT_TRUE(resolved.ok()) << resolved.error().message;
    EXPECT_EQ(*resolved, c.expected);
  }
}

TEST(Region, ErrorsSayWhatToDo) {
  const ScopedEnv region("AWS_REGION", nullptr);
  const ScopedEnv defaultRegion("AWS_DEFAULT_REGION", nullptr);
  const Error missing = resolveRegion("", "").error();
  EXPECT_EQ(missing.kind, ErrorKind::kSettings);
  EXPECT_EQ(missing.message, "no AWS region: set aws-region, or AWS_REGION in the environment");
  const Error conflict = resolveRegion("eu-west-1", "eu-west-2").error();
  EXPECT_EQ(conflict.kind, ErrorKind::kSettings);
  EXPECT_EQ(conflict.message,
            "aws-region is \"eu-west-1\", but the stream ARN is of \"eu-west-2\"");
}

TEST(Region, WhatCantBeInAHostNameIsRefused) {
  for (const std::string& bad :
       {std::string("evil.example/"), std::string("EU-WEST-1"), std::string("eu_west_1"),
        std::string("eu west"), std::string("-eu"), std::string("eu-"), std::string("a@b"),
        std::string("\xc3\xa4"), std::string(64, 'a')}) {
    const Result<std::string> resolved = resolveRegion(bad, "");
    ASSERT_FALSE(resolved.ok()) << bad;
    EXPECT_EQ(resolved.error().kind, ErrorKind::kSettings);
  }
  const ScopedEnv region("AWS_REGION", "x/../y");
  EXPECT_NE(resolveRegion("", "").error().message.find("AWS_REGION"), std::string::npos);
}

TEST(Endpoint, FollowsThePartition) {
  struct Case {
    const char *region, *endpoint;
  };
  for (const Case& c : {
           Case{"eu-west-1", "https://kinesisvideo.eu-west-1.amazonaws.com"},
           Case{"il-central-1", "https://kinesisvideo.il-central-1.amazonaws.com"},
           Case{"xx-new-7", "https://kinesisvideo.xx-new-7.amazonaws.com"},
           Case{"cn-north-1", "https://kinesisvideo.cn-north-1.amazonaws.com.cn"},
           Case{"us-gov-west-1", "https://kinesisvideo-fips.us-gov-west-1.amazonaws.com"},
           Case{"us-iso-east-1", "https://kinesisvideo-fips.us-iso-east-1.c2s.ic.gov"},
           Case{"us-isob-east-1", "https://kinesisvideo-fips.us-isob-east-1.sc2s.sgov.gov"},
           Case{"eu-isoe-west-1", "https://kinesisvideo.eu-isoe-west-1.cloud.adc-e.uk"},
           Case{"us-isof-south-1", "https://kinesisvideo.us-isof-south-1.csp.hci.ic.gov"},
       }) {
    EXPECT_EQ(*controlEndpoint(c.region, ""), c.endpoint);
  }
}

TEST(Endpoint, AnOverrideWins) {
  EXPECT_EQ(*controlEndpoint("us-gov-west-1", "http://127.0.0.1:8080/"), "http://127.0.0.1:8080");
  EXPECT_EQ(*controlEndpoint("eu-west-1", "https://vpce.example/kvs"), "https://vpce.example/kvs");
  for (const char* bad : {"127.0.0.1:8080", "ftp://a.example", "https://a.example?x", "x"}) {
    EXPECT_EQ(controlEndpoint("eu-west-1", bad).error().kind, ErrorKind::kSettings) << bad;
  }
}

}  // namespace
}  // namespace kvsarchive::aws
