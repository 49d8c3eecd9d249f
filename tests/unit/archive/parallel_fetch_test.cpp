// SPDX-License-Identifier: LGPL-2.1-or-later
// Several batches at a time.
#include <gtest/gtest.h>

#include <thread>

#include "archive/progress_meter.h"
#include "fetcher_test_util.h"

namespace kvsarchive::archive {
namespace {

using std::chrono::milliseconds;

class ParallelFetchTest : public FetcherTest {
 protected:
  ParallelFetchTest() { use({3, 64 * kMiB}); }

  void use(const FetchLimits& limits) {
    fetcher_ =
        std::make_unique<FragmentFetcher>(client_, RangeTrim(tenMinutes(), false, false), limits);
  }

  void start(const Numbers& numbers) {
    std::vector<kvs::Fragment> batch;
    for (const std::string& number : numbers) {
      batch.push_back(fragment(number));
    }
    fetcher_->start(std::move(batch));
  }

  /// As takeAll(), of all batches.
  std::string takeBatches(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      text += (i == 0 ? "" : "; ") + takeAll();
    }
    return text;
  }
};

TEST_F(ParallelFetchTest, BatchesAreHandedOnInTheOrderStarted) {
  start({"1"});
  start({"2"});
  start({"3"});
  EXPECT_EQ(takeBatches(3), "[1 b b ] end; [2 b b ] end; [3 b b ] end");
  EXPECT_TRUE(fetcher_->idle());
  EXPECT_EQ(requestsAfter(0).size(), 3U);
}

TEST_F(ParallelFetchTest, AllAreAskedForBeforeTheFirstIsRead) {
  start({"1"});
  start({"2"});
  start({"3"});
  ASSERT_TRUE(next(*fetcher_).ok());
  EXPECT_EQ(requestsAfter(0).size(), 3U);
}

TEST_F(ParallelFetchTest, NoMoreBodiesThanConnections) {
  start({"1"});
  EXPECT_TRUE(fetcher_->canStart(1));
  start({"2"});
  start({"3"});
  EXPECT_FALSE(fetcher_->canStart(1));
}

/// With another reader of the stream.
class PacedFetchTest : public ParallelFetchTest {
 protected:
  using Pace = kvs::StreamPace;

  PacedFetchTest() {
    fetcher_ = std::make_unique<FragmentFetcher>(paced_, RangeTrim(tenMinutes(), false, false),
                                                 FetchLimits{3, 64 * kMiB});
  }
  ~PacedFetchTest() override { fetcher_.reset(); }

  kvs::ClientOptions options() const {
    kvs::ClientOptions options = clientOptions();
    options.retry = {5, 0.02, 0.02};
    options.pace = pace_;
    return options;
  }
  std::shared_ptr<http::Lease> takeOther(double points, bool connection) {
    const auto now = std::chrono::steady_clock::now();
    auto admission = other_.admit({Pace::Quota::kMediaPoints, points, connection}, now);
    EXPECT_TRUE(admission.admitted);
    return admission.lease;
  }
  std::vector<std::shared_ptr<http::Lease>> takeConnections(size_t count) {
    std::vector<std::shared_ptr<http::Lease>> leases;
    while (leases.size() < count) {
      leases.push_back(takeOther(1, true));
    }
    return leases;
  }

  std::shared_ptr<Pace> pace_ = Pace::of("PacedFetchTest");
  Bell bell_;
  Pace::Member other_{pace_, bell_, 1};
  kvs::ArchivedMediaClient paced_{options(), archive_, credentials_, clock_};
};

TEST_F(PacedFetchTest, WhatIsWantedFirstIsAskedForFirst) {
  takeOther(60, false);
  start({"1"});
  start({"2"});
  start({"3"});
  takeBatches(3);
  EXPECT_EQ(requestsAfter(0), (Numbers{"1", "2", "3"}));
}

TEST_F(PacedFetchTest, AConnectionThatBecomesFreeIsTakenAtOnce) {
  auto leases = takeConnections(Pace::kConnections);
  start({"1"});
  EXPECT_FALSE(fetcher_->poll(cancel_));
  EXPECT_TRUE(requestsAfter(0).empty());
  leases.pop_back();
  fetcher_->poll(cancel_);
  EXPECT_EQ(requestsAfter(0).size(), 1U);
}

TEST_F(PacedFetchTest, BatchesThatMayNotAskAreNotDue) {
  archive_.media = [](const Numbers&) { return test::FakeMedia("", test::brokenConnection()); };
  start({"1"});
  start({"2"});
  EXPECT_FALSE(fetcher_->poll(cancel_));
  EXPECT_FALSE(fetcher_->poll(cancel_));  // now both failed, and pause, be it for no time
  const size_t asked = requestsAfter(0).size();
  EXPECT_GE(asked, 2U);
  const auto leases = takeConnections(Pace::kConnections);
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_FALSE(fetcher_->poll(cancel_));  // the first waits for a connection, the second behind it
  EXPECT_EQ(requestsAfter(0).size(), asked);
  ASSERT_TRUE(fetcher_->wakeAt());
  EXPECT_GT(*fetcher_->wakeAt(), std::chrono::steady_clock::now());
}

TEST_F(ParallelFetchTest, AFailureOfALaterBatchIsToldInItsPlace) {
  answers({test::FakeMedia(chunk("1"))});
  archive_.media = [this](const Numbers& numbers) {
    return numbers.front() == "2" ? test::FakeMedia("", test::brokenConnection())
                                  : test::FakeMedia(archive_.body(numbers));
  };
  start({"1"});
  start({"2"});
  start({"3"});
  EXPECT_EQ(takeBatches(2), "[1 b b ] end; error");
  EXPECT_NE(error_.message.find("fragment 2 of"), std::string::npos) << error_.message;
}

TEST_F(ParallelFetchTest, ABrokenBodyCostsTheOthersNothing) {
  bool broken = false;
  archive_.media = [&](const Numbers& numbers) {
    if (numbers.front() == "2" && !std::exchange(broken, true)) {
      return test::FakeMedia(chunk("2").substr(0, 200), test::brokenConnection());
    }
    return test::FakeMedia(archive_.body(numbers));
  };
  start({"1"});
  start({"2"});
  start({"3"});
  EXPECT_EQ(takeBatches(3), "[1 b b ] end; [2 b b ] end; [3 b b ] end");
  EXPECT_EQ(requestsAfter(0).size(), 4U);
}

TEST_F(ParallelFetchTest, BatchesGrowAtFirstAndShrinkAtLast) {
  use({5, 64 * kMiB});
  std::vector<uint64_t> bytes;
  for (int i = 0; i < 7; ++i) {
    bytes.push_back(fetcher_->batchBytes(std::nullopt) / kMiB);
    start({"1"});
    takeAll();
  }
  EXPECT_EQ(bytes, (std::vector<uint64_t>{5, 11, 17, 23, 28, 28, 28}));
  EXPECT_EQ(fetcher_->batchBytes(100 * kMiB), 20 * kMiB);
  EXPECT_EQ(fetcher_->batchBytes(1), 4 * kMiB);
  EXPECT_EQ(fetcher_->batchBytes(UINT64_MAX) / kMiB, 28U);
}

TEST_F(ParallelFetchTest, WhatIsHeldLeavesNoRoomForMore) {
  use({3, 4 * kMiB});
  archive_.chunks["2"] = largeChunk("2");  // 10 MiB: the fake sends more than is allowed
  start({"1"});
  start({"2"});
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(next(*fetcher_).ok());
  }
  EXPECT_GT(fetcher_->outstandingBytes(), 4 * kMiB);
  EXPECT_FALSE(fetcher_->canStart(1));
  takeBatches(2);
  EXPECT_EQ(fetcher_->outstandingBytes(), 0U);
  EXPECT_TRUE(fetcher_->canStart(100 * kMiB));  // the only one always
}

TEST(ProgressMeter, ReportsOnceASecondAndNotAtOnce) {
  ProgressMeter meter;
  const auto begin = std::chrono::steady_clock::now();
  int samples = 0;
  int reports = 0;
  for (milliseconds at(0); at < milliseconds(3500); at += milliseconds(10)) {
    samples += meter.sampleDue(begin + at);
    reports += meter.reportDue(begin + at);
    EXPECT_GT(meter.nextDue(), begin + at);
  }
  EXPECT_EQ(samples, 35);
  EXPECT_EQ(reports, 3);
}

TEST(ProgressMeter, TellsSpeedAndRemainingTime) {
  ProgressMeter meter;
  const auto begin = std::chrono::steady_clock::now();
  const UnixTime media = unixTimeFromMillis(kBegin);
  EXPECT_FALSE(meter.remaining(media));
  meter.sample(begin, 0, 0, std::nullopt);
  meter.sample(begin, 0, 0, media);
  EXPECT_FALSE(meter.remaining(media + std::chrono::hours(1)));
  meter.sample(begin + std::chrono::seconds(2), 50'000'000, 0, media + std::chrono::minutes(10));
  EXPECT_EQ(meter.bytesPerSecond(), 25'000'000U);
  EXPECT_EQ(meter.remaining(media + std::chrono::hours(1)), milliseconds(10'000));
  EXPECT_EQ(meter.remaining(media), milliseconds(0));  // overlaps reach beyond the end
}

/// Five answers come at once, of which only the first is handed on: what waits is as good as done.
TEST(ProgressMeter, WhatWaitsIsNotStillToCome) {
  ProgressMeter meter;
  const auto begin = std::chrono::steady_clock::now();
  const UnixTime media = unixTimeFromMillis(kBegin);
  const UnixTime end = media + std::chrono::seconds(100);
  meter.sample(begin, 3'000'000, 2'000'000, media);
  meter.sample(begin + std::chrono::seconds(1), 12'000'000, 9'000'000,
               media + std::chrono::seconds(2));
  EXPECT_EQ(meter.remaining(end), milliseconds(8'090));  // 2 of 100 s, and 9 that wait
  meter.sample(begin + std::chrono::seconds(4), 101'000'000, 60'000'000,
               media + std::chrono::seconds(40));
  EXPECT_EQ(meter.remaining(end), milliseconds(0));
  meter.jump();
  meter.sample(begin + std::chrono::seconds(5), 110'000'000, 0, media);
  meter.sample(begin + std::chrono::seconds(6), 120'000'000, 10'000'000,
               media + std::chrono::seconds(10));
  EXPECT_EQ(meter.remaining(end), milliseconds(9'000));
}

}  // namespace
}  // namespace kvsarchive::archive
