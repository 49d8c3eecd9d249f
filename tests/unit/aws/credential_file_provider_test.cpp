// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/credential_file_provider.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/iso8601.h"
#include "support/scoped_env.h"
#include "support/temp_file.h"

namespace kvsarchive::aws {
namespace {

using test::TempFile;

const CancelToken kNever;

std::string show(const Result<Credentials>& found) {
  if (found) {
    return found->accessKeyId + "/" + found->secretKey + "/" + found->sessionToken + "/" +
           (found->expires ? formatIso8601(*found->expires) : "never");
  }
  const ErrorKind kind = found.error().kind;
  return (kind == ErrorKind::kAbsent     ? "absent: "
          : kind == ErrorKind::kSettings ? "settings: "
          : kind == ErrorKind::kDecode   ? "decode: "
                                         : "other: ") +
         found.error().message;
}

TEST(CredentialFileProvider, ReadsBothForms) {
  struct Case {
    const char *text, *expected;
  };
  for (const Case& c : {
           Case{"CREDENTIALS id key", "id/key//never"},
           Case{"CREDENTIALS id key\n", "id/key//never"},
           Case{"\r\n CREDENTIALS\tid\r\nkey \r\n\n", "id/key//never"},
           Case{"CREDENTIALS id 2026-03-01T10:00:00Z key token\n",
                "id/key/token/2026-03-01T10:00:00.000Z"},
           Case{"CREDENTIALS id 2026-03-01T10:00:00+01:00 k/+= t==",
                "id/k/+=/t==/2026-03-01T09:00:00.000Z"},
       }) {
    const TempFile file(c.text);
    EXPECT_EQ(show(CredentialFileProvider(file.path()).credentials(kNever)), c.expected);
  }
}

TEST(CredentialFileProvider, ErrorsHaveNothingOfTheFile) {
  const std::string form =
      "is neither \"CREDENTIALS key secret\" nor \"CREDENTIALS key expiration secret token\"";
  struct Case {
    std::string text, expected;
  };
  for (const Case& c : {
           Case{"", form},
           Case{"CREDENTIALS", form},
           Case{"CREDENTIALS id", form},
           Case{"CREDENTIALS id 2026-03-01T10:00:00Z SECRET", form},
           Case{"CREDENTIALS id 2026-03-01T10:00:00Z SECRET token more", form},
           Case{"credentials id SECRET", form},
           Case{"id SECRET token", form},
           Case{"{\"AccessKeyId\":\"id\",\"SecretAccessKey\":\"SECRET\"}", form},
           Case{"CREDENTIALS id SECRET key token",
                "has an expiration that is no time such as 2026-03-01T10:00:00Z"},
           Case{"CREDENTIALS id 2026-03-01T10:00:00 SECRET token",
                "has an expiration that is no time such as 2026-03-01T10:00:00Z"},
       }) {
    const TempFile file(c.text);
    const std::string error = show(CredentialFileProvider(file.path()).credentials(kNever));
    EXPECT_EQ(error, "decode: credential-path: \"" + std::string(file.path()) + "\" " + c.expected);
  }
}

TEST(CredentialFileProvider, FilesThatCantBeRead) {
  EXPECT_EQ(show(CredentialFileProvider("").credentials(kNever)),
            "absent: credential-path is not set");
  EXPECT_EQ(show(CredentialFileProvider("/nonexistent/c").credentials(kNever)),
            "settings: credential-path: \"/nonexistent/c\" does not exist");
  EXPECT_EQ(show(CredentialFileProvider("/tmp").credentials(kNever)),
            "settings: credential-path: \"/tmp\" can't be read: it is not a regular file");
  const TempFile big("CREDENTIALS id " + std::string(65536, 'x'));
  EXPECT_EQ(show(CredentialFileProvider(big.path()).credentials(kNever)),
            "settings: credential-path: \"" + std::string(big.path()) +
                "\" can't be read: it has more than 65536 bytes");
}

TEST(CredentialFileProvider, IsReadAnewEachTime) {
  const TempFile file("CREDENTIALS id key");
  CredentialFileProvider provider(file.path());
  EXPECT_EQ(show(provider.credentials(kNever)), "id/key//never");
  std::ofstream(file.path()) << "CREDENTIALS id2 key2";
  EXPECT_EQ(show(provider.credentials(kNever)), "id2/key2//never");
  CancelToken cancelled;
  cancelled.cancel();
  EXPECT_EQ(show(provider.credentials(cancelled)), "other: cancelled");
}

TEST(CredentialFileProvider, MayBeInTheHomeFolder) {
  const TempFile file("CREDENTIALS id key");
  const std::string path = file.path();
  const test::ScopedEnv home("HOME", path.substr(0, path.rfind('/')).c_str());
  EXPECT_EQ(show(CredentialFileProvider("~" + path.substr(path.rfind('/'))).credentials(kNever)),
            "id/key//never");
}

}  // namespace
}  // namespace kvsarchive::aws
