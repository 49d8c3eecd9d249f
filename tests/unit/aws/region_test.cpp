// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/region.h"

#include <gtest/gtest.h>

#include "support/scoped_env.h"

namespace kvsarchive::aws {
namespace {

using test::ScopedEnv;

TEST(Region, Precedence) {
  struct Case {
    const char *property, *arn, *environment, *defaultEnvironment, *profile, *expected;
  };
  for (const Case& c : {
           Case{"eu-west-1", "", "us-east-1", "us-east-2", "ca-west-1", "eu-west-1"},
           Case{"eu-west-1", "eu-west-1", nullptr, nullptr, "ca-west-1", "eu-west-1"},
           Case{"", "eu-west-2", "us-east-1", "us-east-2", "ca-west-1", "eu-west-2"},
           Case{"", "", "us-east-1", "us-east-2", "ca-west-1", "us-east-1"},
           Case{"", "", nullptr, "us-east-2", "ca-west-1", "us-east-2"},
           Case{"", "", "", "us-east-2", "ca-west-1", "us-east-2"},
           Case{"", "", nullptr, "", "ca-west-1", "ca-west-1"},
           Case{"", "eu-west-2", nullptr, nullptr, "", "eu-west-2"},
       }) {
    const ScopedEnv region("AWS_REGION", c.environment);
    const ScopedEnv defaultRegion("AWS_DEFAULT_REGION", c.defaultEnvironment);
    const Result<std::string> resolved = resolveRegion(c.property, c.arn, c.profile);
    ASSERT_TRUE(resolved.ok()) << resolved.error().message;
    EXPECT_EQ(*resolved, c.expected);
  }
}

TEST(Region, ErrorsSayWhatToDo) {
  const ScopedEnv region("AWS_REGION", nullptr);
  const ScopedEnv defaultRegion("AWS_DEFAULT_REGION", nullptr);
  const Error missing = resolveRegion("", "", "").error();
  EXPECT_EQ(missing.kind, ErrorKind::kAbsent);
  EXPECT_EQ(missing.message, "no AWS region is set");
  EXPECT_EQ(noRegion("").kind, ErrorKind::kSettings);
  EXPECT_EQ(noRegion("").message,
            "no AWS region: set aws-region, or AWS_REGION in the environment, or region in the AWS "
            "profile");
  EXPECT_EQ(noRegion("timed out").message,
            "no AWS region: set aws-region, or AWS_REGION in the environment, or region in the AWS "
            "profile (EC2 metadata: timed out)");
  const Error conflict = resolveRegion("eu-west-1", "eu-west-2", "").error();
  EXPECT_EQ(conflict.kind, ErrorKind::kSettings);
  EXPECT_EQ(conflict.message,
            "aws-region is \"eu-west-1\", but the stream ARN is of \"eu-west-2\"");
}

TEST(Region, WhatCantBeInAHostNameIsRefused) {
  for (const std::string& bad :
       {std::string("evil.example/"), std::string("EU-WEST-1"), std::string("eu_west_1"),
        std::string("eu west"), std::string("-eu"), std::string("eu-"), std::string("a@b"),
        std::string("\xc3\xa4"), std::string(64, 'a')}) {
    const Result<std::string> resolved = resolveRegion(bad, "", "");
    ASSERT_FALSE(resolved.ok()) << bad;
    EXPECT_EQ(resolved.error().kind, ErrorKind::kSettings);
  }
  EXPECT_EQ(checkRegion("", "sso_region").error().message,
            "\"\" (sso_region) is not an AWS region such as eu-west-1");
  EXPECT_EQ(*checkRegion("eu-west-1", "sso_region"), "eu-west-1");
}

TEST(Region, ErrorsNameTheSource) {
  const ScopedEnv defaultRegion("AWS_DEFAULT_REGION", nullptr);
  {
    const ScopedEnv region("AWS_REGION", nullptr);
    EXPECT_EQ(resolveRegion("", "", "a/b").error().message,
              "\"a/b\" (region in the AWS profile) is not an AWS region such as eu-west-1");
  }
  const ScopedEnv region("AWS_REGION", "x/../y");
  EXPECT_EQ(resolveRegion("", "", "").error().message,
            "\"x/../y\" (AWS_REGION) is not an AWS region such as eu-west-1");
}

}  // namespace
}  // namespace kvsarchive::aws
