// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/setting.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "aws/ca_file.h"
#include "aws/max_attempts.h"
#include "aws/profile_name.h"
#include "support/scoped_env.h"
#include "support/temp_file.h"

namespace kvsarchive::aws {
namespace {

using test::ScopedEnv;
using test::TempFile;

ConfigSection profileWith(const char* key, const char* value) {
  ConfigSection profile;
  profile.values[key] = value;
  return profile;
}

template <typename T>
std::string problem(const Result<T>& result) {
  return result ? "none"
                : (result.error().kind == ErrorKind::kSettings ? "" : "other: ") +
                      result.error().message;
}

TEST(ProfileName, Precedence) {
  struct Case {
    const char *property, *variable, *oldVariable, *name, *source;
  };
  for (const Case& c : {
           Case{"a", "b", "c", "a", "profile"},
           Case{"", "b", "c", "b", "AWS_PROFILE"},
           Case{"", "", "c", "c", "AWS_DEFAULT_PROFILE"},
           Case{"", nullptr, nullptr, "default", ""},
           Case{"", "default", nullptr, "default", "AWS_PROFILE"},
       }) {
    const ScopedEnv variable("AWS_PROFILE", c.variable);
    const ScopedEnv oldVariable("AWS_DEFAULT_PROFILE", c.oldVariable);
    const ProfileName name = profileName(c.property);
    EXPECT_EQ(name.name, c.name);
    EXPECT_EQ(name.source, c.source);
  }
}

TEST(ProfileName, AProfileThatWasNamedMustBeThere) {
  const TempFile file("[profile a]\nregion = r\n[services s]\nx = y\n");
  const ScopedEnv config("AWS_CONFIG_FILE", file.path());
  const ScopedEnv credentials("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
  const auto shared = SharedConfig::load();
  ASSERT_TRUE(shared);
  const auto found = findProfile(*shared, {"a", "AWS_PROFILE"});
  ASSERT_TRUE(found);
  EXPECT_EQ((*found)->get("region"), "r");
  const auto none = findProfile(*shared, {"default", ""});
  ASSERT_TRUE(none);
  EXPECT_TRUE((*none)->values.empty());
  EXPECT_EQ(problem(findProfile(*shared, {"s", "AWS_PROFILE"})),
            "the AWS profile \"s\" (AWS_PROFILE) is neither in the config file nor in the "
            "credentials file");
  EXPECT_EQ(problem(findProfile(*shared, {"default", "profile"})),
            "the AWS profile \"default\" (profile) is neither in the config file nor in the "
            "credentials file");
}

TEST(CaFile, Precedence) {
  const TempFile property("1"), variable("2"), key("3");
  const ConfigSection profile = profileWith("ca_bundle", key.path());
  {
    const ScopedEnv bundle("AWS_CA_BUNDLE", variable.path());
    EXPECT_EQ(*findCaFile(property.path(), profile), property.path());
    EXPECT_EQ(*findCaFile("", profile), variable.path());
  }
  const ScopedEnv bundle("AWS_CA_BUNDLE", "");
  EXPECT_EQ(*findCaFile("", profile), key.path());
  EXPECT_EQ(*findCaFile("", ConfigSection()), "");
  const std::string path = key.path();
  const ScopedEnv home("HOME", path.substr(0, path.rfind('/')).c_str());
  const std::string inHome = "~" + path.substr(path.rfind('/'));
  EXPECT_EQ(*findCaFile("", profileWith("ca_bundle", inHome.c_str())), path);
}

TEST(CaFile, ErrorsNameTheSource) {
  const TempFile empty("");
  const std::string name = "\"" + std::string(empty.path()) + "\"";
  const ScopedEnv bundle("AWS_CA_BUNDLE", empty.path());
  EXPECT_EQ(problem(findCaFile("/nonexistent", ConfigSection())),
            "ssl-ca-file: \"/nonexistent\" can't be read, is empty, or is no file");
  EXPECT_EQ(problem(findCaFile("", ConfigSection())),
            "AWS_CA_BUNDLE: " + name + " can't be read, is empty, or is no file");
  const ScopedEnv none("AWS_CA_BUNDLE", nullptr);
  EXPECT_EQ(problem(findCaFile("", profileWith("ca_bundle", "/tmp"))),
            "ca_bundle in the AWS profile: \"/tmp\" can't be read, is empty, or is no file");
  const std::string pipe = std::string(empty.path()) + ".pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(problem(findCaFile(pipe, ConfigSection())),
            "ssl-ca-file: \"" + pipe + "\" can't be read, is empty, or is no file");
  unlink(pipe.c_str());
}

TEST(MaxAttempts, Precedence) {
  const ConfigSection profile = profileWith("max_attempts", "4");
  const ScopedEnv variable("AWS_MAX_ATTEMPTS", "7");
  EXPECT_EQ(*findMaxAttempts(profile), 7);
  const ScopedEnv none("AWS_MAX_ATTEMPTS", nullptr);
  EXPECT_EQ(*findMaxAttempts(profile), 4);
  EXPECT_EQ(*findMaxAttempts(ConfigSection()), std::nullopt);
}

TEST(MaxAttempts, Errors) {
  for (const char* bad : {"0", "-1", "x", "3x", " 3", "99999999999", "1.5"}) {
    const std::string expected =
        ": \"" + std::string(bad) + "\" is not a whole number of 1 or more";
    {
      const ScopedEnv variable("AWS_MAX_ATTEMPTS", bad);
      EXPECT_EQ(problem(findMaxAttempts(ConfigSection())), "AWS_MAX_ATTEMPTS" + expected);
    }
    const ScopedEnv none("AWS_MAX_ATTEMPTS", nullptr);
    EXPECT_EQ(problem(findMaxAttempts(profileWith("max_attempts", bad))),
              "max_attempts in the AWS profile" + expected);
  }
}

TEST(Setting, FlagsAreTrueOrFalse) {
  const ConfigSection profile = profileWith("key", "true");
  const ScopedEnv variable("KVS_TEST_FLAG", "False");
  EXPECT_EQ(*findFlag("KVS_TEST_FLAG", profile, "key"), false);
  const ScopedEnv none("KVS_TEST_FLAG", "");
  EXPECT_EQ(*findFlag("KVS_TEST_FLAG", profile, "key"), true);
  EXPECT_EQ(*findFlag("KVS_TEST_FLAG", profile, "other"), std::nullopt);
  const ScopedEnv bad("KVS_TEST_FLAG", "truex");
  EXPECT_EQ(problem(findFlag("KVS_TEST_FLAG", profile, "key")),
            "KVS_TEST_FLAG: \"truex\" is neither true nor false");
}

}  // namespace
}  // namespace kvsarchive::aws
