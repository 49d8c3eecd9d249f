// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "aws/chain_provider.h"
#include "aws/environment_provider.h"
#include "aws/static_provider.h"
#include "base/iso8601.h"
#include "support/scoped_env.h"

namespace kvsarchive::aws {
namespace {

using test::ScopedEnv;

const CancelToken kNever;

/// The four variables, set as given and put back at the end.
struct Environment {
  Environment(const char* id, const char* secret, const char* token, const char* oldToken)
      : id_("AWS_ACCESS_KEY_ID", id),
        secret_("AWS_SECRET_ACCESS_KEY", secret),
        token_("AWS_SESSION_TOKEN", token),
        oldToken_("AWS_SECURITY_TOKEN", oldToken) {}
  ScopedEnv id_, secret_, token_, oldToken_;
};

std::string show(const Result<Credentials>& found) {
  if (found) {
    return found->accessKeyId + "/" + found->secretKey + "/" + found->sessionToken;
  }
  const char* const kind = found.error().kind == ErrorKind::kSettings        ? "settings: "
                           : found.error().kind == ErrorKind::kAbsent        ? "none: "
                           : found.error().kind == ErrorKind::kNotAuthorized ? "unauthorized: "
                                                                             : "other: ";
  return kind + found.error().message;
}

TEST(EnvironmentProvider, ReadsTheVariables) {
  struct Case {
    const char *id, *secret, *token, *oldToken, *expected;
  };
  const char* const none = "none: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set";
  for (const Case& c : {
           Case{"id", "key", nullptr, nullptr, "id/key/"},
           Case{"id", "key", "token", nullptr, "id/key/token"},
           Case{"id", "key", nullptr, "old", "id/key/old"},
           Case{"id", "key", "token", "old", "id/key/token"},
           Case{"id", "key", "", "old", "id/key/old"},
           Case{nullptr, nullptr, nullptr, nullptr, none},
           Case{"", "", "token", nullptr, none},
           Case{"id", nullptr, nullptr, nullptr,
                "settings: AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"},
           Case{"id", "", nullptr, nullptr,
                "settings: AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"},
           Case{nullptr, "key", nullptr, nullptr,
                "settings: AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not"},
       }) {
    const Environment environment(c.id, c.secret, c.token, c.oldToken);
    EXPECT_EQ(show(EnvironmentProvider().credentials(kNever)), c.expected);
  }
}

TEST(EnvironmentProvider, ReadsWhenTheyExpire) {
  const Environment environment("id", "key", "token", nullptr);
  struct Case {
    const char *value, *expected;
  };
  for (const Case& c : {Case{"2026-03-01T10:00:00Z", "2026-03-01T10:00:00.000Z"},
                        Case{"2026-03-01T11:00:00+01:00", "2026-03-01T10:00:00.000Z"},
                        Case{"", "never"}, Case{"tomorrow", "settings"}}) {
    const ScopedEnv expiration("AWS_CREDENTIAL_EXPIRATION", c.value);
    const auto found = EnvironmentProvider().credentials(kNever);
    EXPECT_EQ(!found            ? show(found).substr(0, 8)
              : !found->expires ? "never"
                                : formatIso8601(*found->expires),
              c.expected);
  }
}

TEST(StaticProvider, GivesWhatIsSet) {
  struct Case {
    const char *id, *secret, *token, *expected;
  };
  for (const Case& c : {
           Case{"id", "key", "", "id/key/"},
           Case{"id", "key", "token", "id/key/token"},
           Case{"", "", "", "none: access-key and secret-key are not set"},
           Case{"id", "", "", "settings: access-key is set, but secret-key is not"},
           Case{"", "key", "", "settings: secret-key is set, but access-key is not"},
           Case{"", "", "token",
                "settings: session-token is set, but access-key and secret-key are not"},
       }) {
    EXPECT_EQ(show(StaticProvider({c.id, c.secret, c.token}).credentials(kNever)), c.expected);
  }
}

class FixedProvider : public CredentialsProvider {
 public:
  explicit FixedProvider(Result<Credentials> result) : result_(std::move(result)) {}
  const char* name() const override { return "fixed"; }
  Result<Credentials> credentials(const CancelToken&) override { return result_; }

 private:
  Result<Credentials> result_;
};

std::unique_ptr<CredentialsProvider> fixed(Result<Credentials> result) {
  return std::make_unique<FixedProvider>(std::move(result));
}

std::string askChain(Result<Credentials> first, Result<Credentials> second) {
  std::vector<std::unique_ptr<CredentialsProvider>> providers;
  providers.push_back(fixed(std::move(first)));
  providers.push_back(fixed(std::move(second)));
  return show(ChainProvider(std::move(providers)).credentials(kNever));
}

TEST(ChainProvider, TheFirstThatHasCredentialsWins) {
  const Error none = makeError(ErrorKind::kAbsent, "nothing");
  const Error half = makeError(ErrorKind::kSettings, "half");
  const Credentials a("a", "b", "c");
  const Credentials b("d", "e", "f");
  EXPECT_EQ(askChain(a, b), "a/b/c");
  EXPECT_EQ(askChain(none, b), "d/e/f");
  EXPECT_EQ(askChain(half, b), "settings: half");
  EXPECT_EQ(askChain(none, half), "settings: half (tried before: fixed: nothing)");
  EXPECT_EQ(askChain(cancelledError(), b), "other: cancelled");
  EXPECT_EQ(askChain(none, cancelledError()), "other: cancelled");
  EXPECT_EQ(askChain(none, none),
            "unauthorized: no AWS credentials found (fixed: nothing; fixed: nothing)");
}

/// Gives what it is told to.
class ChangingProvider : public CredentialsProvider {
 public:
  explicit ChangingProvider(Result<Credentials>& next) : next_(next) {}
  const char* name() const override { return "changing"; }
  Result<Credentials> credentials(const CancelToken&) override { return next_; }

 private:
  Result<Credentials>& next_;
};

TEST(ChainProvider, TheOneThatGaveSomeIsAskedAlone) {
  Result<Credentials> first = makeError(ErrorKind::kAbsent, "not yet");
  Result<Credentials> second = Credentials("d", "e", "f");
  std::vector<std::unique_ptr<CredentialsProvider>> providers;
  providers.push_back(std::make_unique<ChangingProvider>(first));
  providers.push_back(std::make_unique<ChangingProvider>(second));
  providers.push_back(fixed(Credentials("other", "identity", "")));
  ChainProvider chain(std::move(providers));
  EXPECT_EQ(show(chain.credentials(kNever)), "d/e/f");
  first = Credentials("a", "b", "c");
  EXPECT_EQ(show(chain.credentials(kNever)), "d/e/f");
  // As while a program rewrites its file.
  second = makeError(ErrorKind::kAbsent, "an empty file");
  const auto absent = chain.credentials(kNever);
  EXPECT_EQ(show(absent),
            "other: changing, where credentials came from before, has none now: an empty file");
  EXPECT_EQ(absent.error().recovery, Recovery::kRetry);
  second = makeError(ErrorKind::kSettings, "half a line");
  const auto half = chain.credentials(kNever);
  EXPECT_EQ(show(half), "settings: half a line");
  EXPECT_EQ(half.error().recovery, Recovery::kRetry);
  second = makeError(ErrorKind::kDecode, "half a cache");
  EXPECT_EQ(chain.credentials(kNever).error().recovery, Recovery::kRetry);
  Error refusal = makeError(ErrorKind::kSettings, "refused with status 400");
  refusal.httpStatus = 400;
  second = refusal;
  EXPECT_EQ(chain.credentials(kNever).error().recovery, Recovery::kNone);
  second = makeError(ErrorKind::kNotAuthorized, "refused");
  EXPECT_EQ(chain.credentials(kNever).error().recovery, Recovery::kNone);
  second = Credentials("g", "h", "i");
  EXPECT_EQ(show(chain.credentials(kNever)), "g/h/i");
}

/// Notes what it is told to forget.
class ForgetfulProvider : public CredentialsProvider {
 public:
  explicit ForgetfulProvider(std::string& forgotten) : forgotten_(forgotten) {}
  const char* name() const override { return "forgetful"; }
  Result<Credentials> credentials(const CancelToken&) override { return cancelledError(); }
  void invalidate(const Credentials& used) override { forgotten_ += used.sessionToken; }

 private:
  std::string& forgotten_;
};

TEST(ChainProvider, AllAreToldOfExpiredCredentials) {
  std::string forgotten;
  std::vector<std::unique_ptr<CredentialsProvider>> providers;
  providers.push_back(std::make_unique<ForgetfulProvider>(forgotten));
  providers.push_back(fixed(Credentials("a", "b", "c")));
  providers.push_back(std::make_unique<ForgetfulProvider>(forgotten));
  ChainProvider(std::move(providers)).invalidate(Credentials("a", "b", "token"));
  EXPECT_EQ(forgotten, "tokentoken");
}

TEST(Credentials, AreTheSameInAllParts) {
  const Credentials a("a", "b", "c");
  EXPECT_TRUE(a == Credentials("a", "b", "c"));
  EXPECT_FALSE(a == Credentials("x", "b", "c"));
  EXPECT_FALSE(a == Credentials("a", "x", "c"));
  EXPECT_FALSE(a == Credentials("a", "b", "x"));
}

TEST(Credentials, AreWipedAndCopied) {
  Credentials a("id", "short", std::string(1000, 't'));
  Credentials b = a;
  Credentials c = std::move(a);
  a = b;
  b = Credentials();
  EXPECT_EQ(a.sessionToken, c.sessionToken);
  EXPECT_EQ(a.secretKey, "short");
  EXPECT_EQ(b.secretKey, "");

  std::string secret = "a secret that is longer than a short string";
  const char* const memory = secret.data();
  const size_t size = secret.size();
  secret.resize(3);
  wipe(secret);
  EXPECT_TRUE(secret.empty());
  for (size_t i = 0; i < size; ++i) {
    ASSERT_EQ(memory[i], '\0');
  }
}

}  // namespace
}  // namespace kvsarchive::aws
