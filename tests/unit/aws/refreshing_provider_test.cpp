// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/refreshing_provider.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "support/fake_clock.h"

namespace kvsarchive::aws {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const CancelToken kNever;
constexpr UnixTime kStart = unixTimeFromMillis(1'772'359'200'000);

/// Does what the test says, and counts.
class FakeSource : public CredentialsProvider {
 public:
  using Give = std::function<Result<Credentials>(int call, const CancelToken&)>;

  FakeSource(std::atomic<int>& calls, Give give) : calls_(calls), give_(std::move(give)) {}
  const char* name() const override { return "fake"; }
  Result<Credentials> credentials(const CancelToken& cancel) override {
    return give_(++calls_, cancel);
  }
  void invalidate(const Credentials&) override { ++invalidated; }

  static std::atomic<int> invalidated;

 private:
  std::atomic<int>& calls_;
  const Give give_;
};

std::atomic<int> FakeSource::invalidated{0};

class Refreshing : public testing::Test {
 protected:
  void make(FakeSource::Give give) {
    provider_ = std::make_unique<RefreshingProvider>(
        std::make_unique<FakeSource>(calls_, std::move(give)), clock_);
  }

  /// A set that lasts for so long from now on; its number is that of the call.
  Credentials lasting(int call, std::optional<milliseconds> life) const {
    Credentials made("id" + std::to_string(call), "secret", "token");
    if (life) {
      made.expires = clock_.now() + *life;
    }
    return made;
  }

  std::string ask() {
    const auto found = provider_->credentials(kNever);
    return found ? found->accessKeyId : "error: " + found.error().message;
  }

  /// Waits until the source was asked so often, and is done with that.
  void awaitCalls(int calls) {
    while (calls_ < calls) {
      std::this_thread::sleep_for(milliseconds(1));
    }
  }
  /// Asks until others come.
  std::string askUntilNot(const std::string& old) {
    std::string id = ask();
    for (int i = 0; i < 2000 && id == old; ++i) {
      std::this_thread::sleep_for(milliseconds(1));
      id = ask();
    }
    return id;
  }

  test::FakeClock clock_{kStart};
  std::atomic<int> calls_{0};
  std::unique_ptr<RefreshingProvider> provider_;
};

TEST_F(Refreshing, WhatDoesNotExpireIsAskedForOnce) {
  make([this](int call, const CancelToken&) { return lasting(call, std::nullopt); });
  EXPECT_EQ(ask(), "id1");
  clock_.advance(hours(1000));
  EXPECT_EQ(ask(), "id1");
  EXPECT_EQ(calls_, 1);
}

TEST_F(Refreshing, IsAskedAgainWhenTheServiceSaysSo) {
  make([this](int call, const CancelToken&) { return lasting(call, std::nullopt); });
  const int invalidated = FakeSource::invalidated;
  EXPECT_EQ(ask(), "id1");
  provider_->invalidate(lasting(7, std::nullopt));  // others than those that it keeps
  EXPECT_EQ(ask(), "id1");
  provider_->invalidate(lasting(1, std::nullopt));
  EXPECT_EQ(ask(), "id2");
  provider_->invalidate(lasting(1, std::nullopt));
  EXPECT_EQ(ask(), "id2");
  EXPECT_EQ(FakeSource::invalidated - invalidated, 3);
}

TEST_F(Refreshing, WhatWasAskedForBeforeARefusalDoesNotCountIfItBringsTheSame) {
  std::atomic<bool> open{false};
  make([&](int call, const CancelToken& cancel) -> Result<Credentials> {
    while (call == 2 && !open && cancel.sleepFor(milliseconds(1))) {
    }
    return lasting(call == 2 ? 1 : call, hours(1));
  });
  EXPECT_EQ(ask(), "id1");
  clock_.advance(minutes(50));
  EXPECT_EQ(ask(), "id1");
  awaitCalls(2);
  provider_->invalidate(lasting(1, std::nullopt));
  std::thread opener([&] {
    std::this_thread::sleep_for(milliseconds(20));
    open = true;
  });
  EXPECT_EQ(ask(), "id3");
  opener.join();
  EXPECT_EQ(calls_, 3);
}

TEST_F(Refreshing, OldOnesServeWhileNewOnesAreFetched) {
  struct Case {
    milliseconds life, quiet, due;  ///< not yet asked again; asked again
  };
  for (const Case& c :
       {Case{hours(6), hours(5) + minutes(44), hours(5) + minutes(46)},
        Case{minutes(15), minutes(11), minutes(12)}, Case{seconds(8), seconds(5), seconds(7)}}) {
    std::atomic<bool> open{false};
    calls_ = 0;
    make([&](int call, const CancelToken& cancel) -> Result<Credentials> {
      while (call > 1 && !open && cancel.sleepFor(milliseconds(1))) {
      }
      return lasting(call, c.life);
    });
    EXPECT_EQ(ask(), "id1");
    clock_.advance(c.quiet);
    EXPECT_EQ(ask(), "id1");
    EXPECT_EQ(calls_, 1);
    clock_.advance(c.due - c.quiet);
    EXPECT_EQ(ask(), "id1");
    awaitCalls(2);
    EXPECT_EQ(ask(), "id1");
    EXPECT_EQ(calls_, 2);  // one at a time
    open = true;
    EXPECT_EQ(askUntilNot("id1"), "id2");
  }
}

TEST_F(Refreshing, AFailureAheadOfTheExpiryIsTriedAgainLater) {
  make([this](int call, const CancelToken&) -> Result<Credentials> {
    if (call > 1) {
      Error error = makeError(ErrorKind::kOpenRead, "it is down");
      error.recovery = usualRecovery(error.kind);
      return error;
    }
    return lasting(call, hours(1));
  });
  EXPECT_EQ(ask(), "id1");
  clock_.advance(minutes(50));
  EXPECT_EQ(ask(), "id1");
  awaitCalls(2);
  std::this_thread::sleep_for(milliseconds(20));
  EXPECT_EQ(ask(), "id1");
  EXPECT_EQ(calls_, 2);
  clock_.advance(seconds(61));
  EXPECT_EQ(ask(), "id1");
  awaitCalls(3);
  clock_.advance(minutes(8));  // too near to the end
  const auto found = provider_->credentials(kNever);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().message, "it is down");
  EXPECT_EQ(found.error().recovery, Recovery::kRetry);
}

TEST_F(Refreshing, TimeMayHelpAgainstSilenceAndThrottling) {
  for (const ErrorKind kind : {ErrorKind::kOpenRead, ErrorKind::kRead, ErrorKind::kBusy}) {
    make([kind](int, const CancelToken&) -> Result<Credentials> {
      Error error = makeError(kind, "no");
      error.recovery = usualRecovery(kind);
      return error;
    });
    const auto found = provider_->credentials(kNever);
    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.error().kind, kind);
    EXPECT_EQ(found.error().recovery, Recovery::kRetry);
  }
}

TEST_F(Refreshing, WhatTimeDoesNotHelpAgainstIsFinal) {
  for (const Recovery recovery :
       {Recovery::kNone, Recovery::kRefreshCredentials, Recovery::kCorrectClock}) {
    make([&](int, const CancelToken&) -> Result<Credentials> {
      Error error = makeError(ErrorKind::kOpenRead, "a certificate that is not trusted");
      error.recovery = recovery;
      return error;
    });
    const auto found = provider_->credentials(kNever);
    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.error().recovery, Recovery::kNone);
  }
}

TEST_F(Refreshing, AfterAnErrorTheNextCallAsksAgain) {
  make([this](int call, const CancelToken&) -> Result<Credentials> {
    if (call == 1) {
      return makeError(ErrorKind::kNotAuthorized, "not yet");
    }
    return lasting(call, std::nullopt);
  });
  EXPECT_EQ(ask(), "error: not yet");
  EXPECT_EQ(ask(), "id2");
}

TEST_F(Refreshing, WhatComesExpiredServesForAWhile) {
  make([this](int call, const CancelToken&) { return lasting(call, -hours(1)); });
  EXPECT_EQ(ask(), "id1");
  clock_.advance(minutes(3));
  EXPECT_EQ(ask(), "id1");
  EXPECT_EQ(calls_, 1);
  clock_.advance(minutes(5));
  EXPECT_EQ(ask(), "id2");
}

TEST_F(Refreshing, ManyThreadsShareOneFetch) {
  make([this](int call, const CancelToken& cancel) {
    cancel.sleepFor(milliseconds(30));
    return lasting(call, hours(1));
  });
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        const auto found = provider_->credentials(kNever);
        good += found.ok();
        if (found && round == 25) {
          provider_->invalidate(*found);
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(good, 8 * 50);
  EXPECT_GE(calls_, 2);
  EXPECT_LE(calls_, 9);  // each thread's invalidate() can have met other ones
}

TEST_F(Refreshing, WaitingCanBeCancelledAndLosesNothing) {
  std::atomic<bool> open{false};
  make([&](int call, const CancelToken& stop) {
    while (!open && stop.sleepFor(milliseconds(1))) {
    }
    return lasting(call, hours(1));
  });
  CancelToken cancel;
  std::thread canceller([&] {
    std::this_thread::sleep_for(milliseconds(20));
    cancel.cancel();
  });
  EXPECT_EQ(provider_->credentials(cancel).error().kind, ErrorKind::kCancelled);
  canceller.join();
  open = true;
  EXPECT_EQ(ask(), "id1");
  EXPECT_EQ(calls_, 1);
}

TEST_F(Refreshing, ItsEndStopsAFetch) {
  make([](int, const CancelToken& cancel) -> Result<Credentials> {
    cancel.sleepFor(minutes(1));
    return cancelledError();
  });
  CancelToken cancel;
  cancel.cancel();
  EXPECT_EQ(provider_->credentials(cancel).error().kind, ErrorKind::kCancelled);
  const auto start = std::chrono::steady_clock::now();
  provider_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(5));
}

}  // namespace
}  // namespace kvsarchive::aws
