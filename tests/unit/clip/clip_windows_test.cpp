// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/clip_windows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "aws/static_provider.h"
#include "clip/clip_limits.h"
#include "support/fake_archive.h"
#include "support/fake_clock.h"

namespace kvsarchive::clip {
namespace {

using kvs::SelectorType;
using std::chrono::milliseconds;

constexpr int64_t kBegin = 1'772'359'200'000;  // 2026-03-01T10:00:00Z

class ClipWindowsTest : public testing::Test {
 protected:
  ClipWindowsTest()
      : credentials_(aws::Credentials("AKIDEXAMPLE", "secret", "")),
        client_({{"cam", ""}, "eu-west-1", "http://control.test", {2, 0, 0}}, archive_,
                credentials_, clock_) {}

  void add(int number, int64_t ms, uint64_t size = 1000, int micros = 0) {
    test::ListedFragment listed;
    listed.number = std::to_string(number);
    listed.producerMillis = kBegin + ms;
    listed.serverMillis = kBegin + 1000 * number;
    listed.sizeBytes = size;
    listed.lengthMillis = 1000;
    listed.micros = micros;
    archive_.listing.fragments.push_back(listed);
  }

  kvs::FragmentSelector range(int64_t ms) const {
    return {type_, unixTimeFromMillis(kBegin), unixTimeFromMillis(kBegin + ms)};
  }

  /// All windows, each checked against the service's limits; or the error.
  Result<std::vector<ClipWindow>> cut(int64_t ms) {
    ClipWindows windows(client_, range(ms));
    std::vector<ClipWindow> all;
    UnixTime last = unixTimeFromMillis(kBegin) - milliseconds(1);
    for (;;) {
      auto window = windows.next(CancelToken());
      if (!window) {
        return window.error();
      }
      if (!*window) {
        return all;
      }
      const auto& selector = (*window)->selector;
      EXPECT_GT(selector.start, last);
      EXPECT_GT(selector.end, selector.start);
      EXPECT_LE(selector.end, unixTimeFromMillis(kBegin + ms));
      EXPECT_LE(selector.end - selector.start, kMaxClipSpan);
      last = selector.end;
      all.push_back(std::move(**window));
    }
  }

  /// What the service would put into the clips: by true times, to the microsecond.
  void expectEachOnce(const std::vector<ClipWindow>& windows) {
    std::multiset<std::string> got;
    for (const ClipWindow& window : windows) {
      size_t count = 0;
      uint64_t bytes = 0;
      std::vector<const test::ListedFragment*> inside;
      for (const auto& fragment : archive_.listing.fragments) {
        const int64_t micros = (type_ == SelectorType::kServerTimestamp ? fragment.serverMillis
                                                                        : fragment.producerMillis) *
                                   1000 +
                               fragment.micros;
        if (micros >= toMillis(window.selector.start) * 1000 &&
            micros <= toMillis(window.selector.end) * 1000) {
          got.insert(fragment.number);
          bytes += fragment.sizeBytes;
          ++count;
          inside.push_back(&fragment);
        }
      }
      EXPECT_EQ(count, window.listed.fragments.size());
      EXPECT_LE(count, kMaxClipFragments);
      EXPECT_TRUE(bytes <= kMaxClipBytes || count == 1);
      std::sort(inside.begin(), inside.end(), [](const auto* a, const auto* b) {
        return kvs::fragmentNumberLess(a->number, b->number);
      });
      for (size_t i = 1; i < inside.size() && type_ == SelectorType::kProducerTimestamp; ++i) {
        EXPECT_LT(inside[i - 1]->producerMillis, inside[i]->producerMillis);
      }
    }
    EXPECT_EQ(got.size(), archive_.listing.fragments.size());
    EXPECT_EQ(std::set<std::string>(got.begin(), got.end()).size(), got.size());
  }

  SelectorType type_ = SelectorType::kProducerTimestamp;
  test::FakeClock clock_{unixTimeFromMillis(kBegin)};
  test::FakeArchive archive_;
  aws::StaticProvider credentials_;
  kvs::ArchivedMediaClient client_;
};

TEST_F(ClipWindowsTest, ManyFragments) {
  for (int i = 0; i < 1001; ++i) {
    add(i + 1, i * 1000, 1000, i % 1000);
  }
  const auto windows = cut(3'600'000);
  ASSERT_TRUE(windows);
  EXPECT_EQ(windows->size(), 6u);
  expectEachOnce(*windows);
}

TEST_F(ClipWindowsTest, LargeFragments) {
  for (int i = 0; i < 12; ++i) {
    add(i + 1, i * 2000, i == 5 ? 120'000'000 : 40'000'000);
  }
  const auto windows = cut(60'000);
  ASSERT_TRUE(windows);
  expectEachOnce(*windows);
}

TEST_F(ClipWindowsTest, DaysOfSilence) {
  for (int i = 0; i < 10; ++i) {
    add(i + 1, int64_t{i} * 50'000'000);  // 14 hours
  }
  const auto windows = cut(900'000'000);
  ASSERT_TRUE(windows);
  EXPECT_EQ(windows->size(), 5u);
  expectEachOnce(*windows);
}

TEST_F(ClipWindowsTest, TimesThatWereIngestedInAnotherOrder) {
  for (int i = 0; i < 30; ++i) {
    add(i < 15 ? 100 + i : i, i * 1000);  // the later half came first
  }
  const auto windows = cut(60'000);
  ASSERT_TRUE(windows);
  EXPECT_EQ(windows->size(), 2u);
  expectEachOnce(*windows);
}

TEST_F(ClipWindowsTest, RecordingsThatOverlapAreInNoWindowTogether) {
  for (const int64_t shift : {20'500, 20'900, 20'100}) {
    archive_.listing.fragments.clear();
    std::set<std::string> later;
    for (int i = 0; i < 40; ++i) {
      add(i + 1, i * 1000);
      add(i + 100'000, i * 1000 + shift);  // a day later
      later.insert(std::to_string(i + 100'000));
    }
    std::sort(archive_.listing.fragments.begin(), archive_.listing.fragments.end(),
              [](const auto& a, const auto& b) { return a.producerMillis < b.producerMillis; });
    const auto windows = cut(120'000);
    ASSERT_TRUE(windows);
    expectEachOnce(*windows);
    for (const ClipWindow& window : *windows) {
      const auto& listed = window.listed.fragments;
      for (size_t i = 1; i < listed.size(); ++i) {
        // But for the last of the first recording, which the second one may follow.
        EXPECT_TRUE(later.count(listed[i - 1].number) == later.count(listed[i].number) ||
                    shift == 20'900)
            << shift << " " << listed[i].number;
      }
    }
    EXPECT_EQ(windows->front().listed.fragments.size(), 21u);
  }
}

TEST_F(ClipWindowsTest, RandomFragments) {
  std::mt19937 random(7);
  for (int round = 0; round < 30; ++round) {
    archive_.listing.fragments.clear();
    int64_t ms = 0;
    int number = 1000;
    const int count = static_cast<int>(random() % 700);
    for (int i = 0; i < count; ++i) {
      ms += 3 + static_cast<int64_t>(random() % (random() % 40 == 0 ? 3'000'000 : 2500));
      number = random() % 50 == 0 ? static_cast<int>(random() % 1'000'000) * 1000 : number + 1;
      add(number, ms, random() % 5'000'000, static_cast<int>(random() % 1000));
    }
    std::set<std::string> numbers;
    for (auto& fragment : archive_.listing.fragments) {
      while (!numbers.insert(fragment.number).second) {
        fragment.number += "1";
      }
    }
    const auto windows = cut(ms + 10);
    ASSERT_TRUE(windows) << windows.error().message;
    expectEachOnce(*windows);
  }
}

TEST_F(ClipWindowsTest, SeveralOfOneTime) {
  for (int i = 0; i < 300; ++i) {
    add(i + 1, i == 250 ? 249'000 : i * 1000);
  }
  auto windows = cut(600'000);
  ASSERT_FALSE(windows);
  EXPECT_EQ(windows.error().kind, ErrorKind::kSettings);
  EXPECT_NE(windows.error().message.find("2026-03-01T10:04:09.000Z"), std::string::npos)
      << windows.error().message;
  // By the service's clock they are told apart.
  type_ = SelectorType::kServerTimestamp;
  windows = cut(600'000);
  ASSERT_TRUE(windows);
  expectEachOnce(*windows);
}

TEST_F(ClipWindowsTest, TheBeginningIsAllOrMoreThanAClip) {
  for (int i = 0; i < 10; ++i) {
    add(i + 1, i * 1000);
  }
  auto begin = ClipWindows(client_, range(600'000)).beginning(CancelToken());
  ASSERT_TRUE(begin);
  EXPECT_TRUE(begin->all);
  EXPECT_EQ(begin->fragments.size(), 10u);
  for (int i = 10; i < 5000; ++i) {
    add(i + 1, i * 1000);
  }
  archive_.listing.clearRequests();
  begin = ClipWindows(client_, range(86'400'000)).beginning(CancelToken());
  ASSERT_TRUE(begin);
  EXPECT_FALSE(begin->all);
  EXPECT_GT(begin->fragments.size(), kMaxClipFragments);
  EXPECT_LT(archive_.listing.requests().size(), 5u);
}

}  // namespace
}  // namespace kvsarchive::clip
