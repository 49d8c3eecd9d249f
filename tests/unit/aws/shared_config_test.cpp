// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/shared_config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "aws/home_path.h"
#include "support/scoped_env.h"
#include "support/temp_file.h"

namespace kvsarchive::aws {
namespace {

using test::ScopedEnv;
using test::TempFile;

struct Paths {
  Paths(const char* config, const char* credentials)
      : config_("AWS_CONFIG_FILE", config),
        credentials_("AWS_SHARED_CREDENTIALS_FILE", credentials) {}
  ScopedEnv config_, credentials_;
};

std::string show(const ConfigSection* section) {
  if (section == nullptr) {
    return "none";
  }
  std::string text = section->hasCredentialsFileKeys ? "keys" : "no keys";
  for (const auto& [name, value] : section->values) {
    text.append(" ").append(name).append("=").append(value);
  }
  return text;
}

TEST(SharedConfig, BothFilesAreMerged) {
  const TempFile config(
      "[default]\nregion=r1\naws_access_key_id=c1\naws_secret_access_key=c2\n"
      "[profile a]\nregion=r2\n[profile b]\naws_access_key_id=c3\n"
      "[sso-session s]\nsso_region=r3\n[services v]\nsts =\n  endpoint_url=e\n");
  const TempFile credentials(
      "[default]\naws_access_key_id=k1\n[a]\nregion=r4\n[only]\naws_secret_access_key=k2\n");
  const Paths paths(config.path(), credentials.path());
  const auto shared = SharedConfig::load();
  ASSERT_TRUE(shared) << shared.error().message;
  EXPECT_EQ(show(shared->profile("default")),
            "keys aws_access_key_id=k1 aws_secret_access_key=c2 region=r1");
  EXPECT_EQ(show(shared->profile("a")), "no keys region=r4");
  EXPECT_EQ(show(shared->profile("b")), "no keys aws_access_key_id=c3");
  EXPECT_EQ(show(shared->profile("only")), "keys aws_secret_access_key=k2");
  EXPECT_EQ(show(shared->profile("s")), "none");
  EXPECT_EQ(show(shared->ssoSession("s")), "no keys sso_region=r3");
  EXPECT_EQ(show(shared->ssoSession("a")), "none");
  ASSERT_NE(shared->services("v"), nullptr);
  EXPECT_EQ(shared->services("v")->nested.at("sts").at("endpoint_url"), "e");
  EXPECT_EQ(shared->services("w"), nullptr);
  EXPECT_EQ(shared->profile("a")->get("nothing"), "");
}

TEST(SharedConfig, FilesThatAreNotThereHaveNothing) {
  for (const char* path : {"/nonexistent/config", "/dev/null", "/dev/null/below-a-file"}) {
    const Paths paths(path, path);
    const auto shared = SharedConfig::load();
    ASSERT_TRUE(shared) << shared.error().message;
    EXPECT_EQ(shared->profile("default"), nullptr);
  }
}

TEST(SharedConfig, IsInTheHomeFolderOtherwise) {
  const TempFile unique("");
  const std::string home = std::string(unique.path()) + ".d";
  std::filesystem::create_directories(home + "/.aws");
  std::ofstream(home + "/.aws/config") << "[default]\nregion=r1\n";
  std::ofstream(home + "/.aws/credentials") << "[default]\naws_access_key_id=k1\n";
  std::ofstream(home + "/other") << "[default]\nregion=r2\n";
  const ScopedEnv variable("HOME", home.c_str());
  {
    const Paths paths(nullptr, "");
    const auto shared = SharedConfig::load();
    EXPECT_TRUE(shared &&
                show(shared->profile("default")) == "keys aws_access_key_id=k1 region=r1");
  }
  {
    const Paths paths("~/other", "~nobody/credentials");
    const auto shared = SharedConfig::load();
    EXPECT_TRUE(shared && show(shared->profile("default")) == "no keys region=r2");
  }
  EXPECT_EQ(expandHome("~"), home);
  EXPECT_EQ(expandHome("a/~/b"), "a/~/b");
  std::filesystem::remove_all(home);
}

TEST(SharedConfig, NeverWithoutAHomeFolder) {
  const ScopedEnv variable("HOME", nullptr);
  EXPECT_EQ(expandHome("~/x").front(), '/');
}

TEST(SharedConfig, ErrorsNameTheFile) {
  const TempFile good("[default]\nregion=r\n");
  const TempFile bad("[default]\nSECRET\n");
  const TempFile big("[default]\n" + std::string(1024 * 1024, '#'));
  const auto is = [](const char* path) { return "\"" + std::string(path) + "\""; };
  struct Case {
    const char *path, *expected;
  };
  for (const Case& c : {
           Case{bad.path(), ": line 2 is neither a section header nor a key with a value"},
           Case{big.path(), " can't be read: it has more than 1048576 bytes"},
           Case{"/tmp", " can't be read: it is not a regular file"},
       }) {
    for (const bool isConfig : {true, false}) {
      const Paths paths(isConfig ? c.path : good.path(), isConfig ? good.path() : c.path);
      const auto shared = SharedConfig::load();
      ASSERT_FALSE(shared) << c.path;
      EXPECT_EQ(shared.error().kind, ErrorKind::kSettings);
      EXPECT_EQ(shared.error().message, is(c.path) + c.expected);
    }
  }
}

}  // namespace
}  // namespace kvsarchive::aws
