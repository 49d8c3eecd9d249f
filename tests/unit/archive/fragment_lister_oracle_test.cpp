// SPDX-License-Identifier: LGPL-2.1-or-later
// Random archives: what is listed in windows against what the whole archive says.
#include <algorithm>
#include <map>
#include <random>

#include "archive/fragment_lister.h"
#include "archive_test_util.h"
#include "support/effort.h"
#include "support/heap_meter.h"

namespace kvsarchive::archive {
namespace {

using test::ListedFragment;

constexpr int64_t kMinute = 60'000;
constexpr int64_t kHour = 60 * kMinute;

struct Listed {
  std::vector<std::string> numbers;
  uint64_t superseded = 0;
  size_t mostInAWindow = 0;
  size_t cancelled = 0;
};

int64_t millisOf(const ListedFragment& fragment, bool server) {
  return (server ? fragment.serverMillis : fragment.producerMillis) +
         (fragment.micros >= 500 ? 1 : 0);
}

class FragmentListerOracleTest : public ArchiveTest {
 protected:
  /// All that a lister hands on, called again after each cancel.
  Listed list(const ListOptions& options) {
    FragmentLister lister(client_, options);
    Listed all;
    for (;;) {
      const auto fragments = next(lister);
      if (!fragments) {
        EXPECT_EQ(fragments.error().kind, ErrorKind::kCancelled) << fragments.error().message;
        cancel_.reset();
        if (fragments.error().kind != ErrorKind::kCancelled) {
          return all;
        }
        ++all.cancelled;
        continue;
      }
      if (fragments->empty()) {
        EXPECT_TRUE(lister.done());
        all.superseded = lister.superseded();
        return all;
      }
      all.mostInAWindow = std::max(all.mostInAWindow, fragments->size());
      for (const kvs::Fragment& fragment : *fragments) {
        all.numbers.push_back(fragment.number);
      }
    }
  }

  /// The same from the whole archive. Numbers have one length here.
  Listed oracle(const ListOptions& options) const {
    const bool selectsServer = options.selector.type == kvs::SelectorType::kServerTimestamp;
    const bool ordersServer = options.clock == FragmentClock::kServer;
    const int64_t start = toMillis(options.selector.start);
    const int64_t first = options.leadIn ? std::max<int64_t>(0, start - 20'000) : start;
    const int64_t end = toMillis(options.selector.end);
    std::vector<ListedFragment> chosen;
    for (const ListedFragment& fragment : archive_.listing.fragments) {
      const int64_t micros =
          (selectsServer ? fragment.serverMillis : fragment.producerMillis) * 1000 +
          fragment.micros;
      if (micros >= first * 1000 && micros <= end * 1000) {
        chosen.push_back(fragment);
      }
    }
    Listed all;
    if (!ordersServer && options.duplicates == Duplicates::kNewest) {
      std::map<int64_t, std::string> newest;
      for (const ListedFragment& fragment : chosen) {
        std::string& number = newest[millisOf(fragment, false)];
        number = std::max(number, fragment.number);
      }
      const auto isSuperseded = [&](const ListedFragment& fragment) {
        const int64_t time = millisOf(fragment, false);
        return time != 0 && fragment.number != newest[time];
      };
      all.superseded = std::count_if(chosen.begin(), chosen.end(), [&](const auto& fragment) {
        return isSuperseded(fragment) && millisOf(fragment, selectsServer) >= start;
      });
      chosen.erase(std::remove_if(chosen.begin(), chosen.end(), isSuperseded), chosen.end());
    }
    std::pair<int64_t, std::string> leadIn;
    bool covers = false;
    const bool isOneAtStart = std::any_of(
        chosen.begin(), chosen.end(),
        [&](const ListedFragment& fragment) { return millisOf(fragment, selectsServer) == start; });
    const int64_t slack = isOneAtStart ? 0 : 1000;
    for (const ListedFragment& fragment : chosen) {
      const int64_t time = millisOf(fragment, selectsServer);
      if (time < start && std::pair(time, fragment.number) > leadIn) {
        leadIn = {time, fragment.number};
        covers = fragment.lengthMillis == 0 || time + fragment.lengthMillis + slack > start;
      }
    }
    std::vector<std::pair<int64_t, std::string>> sorted;
    for (const ListedFragment& fragment : chosen) {
      if (millisOf(fragment, selectsServer) >= start ||
          (covers && fragment.number == leadIn.second)) {
        sorted.emplace_back(millisOf(fragment, ordersServer), fragment.number);
      }
    }
    std::sort(sorted.begin(), sorted.end());
    for (const auto& [time, number] : sorted) {
      all.numbers.push_back(number);
    }
    return all;
  }

  /// Gaps up to days, bursts, duplicates, fragments on edges of the first windows, late ingestion.
  void fill(std::mt19937& random, size_t count) {
    test::FakeListing& listing = archive_.listing;
    listing = test::FakeListing(random());
    const auto below = [&](int64_t limit) { return static_cast<int64_t>(random() % limit); };
    int64_t time = kBegin - 20'000 + below(40'000);
    int64_t step = 2000;
    size_t run = 0;
    std::vector<int> order(count);
    for (size_t i = 0; i < count; ++i) {
      order[i] = static_cast<int>(100'000 + i);
    }
    if (below(3) == 0) {
      std::shuffle(order.begin(), order.end(), random);
    }
    for (size_t i = 0; i < count; ++i) {
      if (run-- == 0) {
        run = below(200);
        constexpr int64_t kSteps[] = {1, 200, 1000, 2000, 10'000, kMinute};
        step = kSteps[below(6)];
        constexpr int64_t kGaps[] = {0, kMinute, kHour, 24 * kHour};
        time += below(1 + kGaps[below(4)]);
      }
      const int64_t kind = below(20);
      if (kind < 2 && i > 0) {
        time = listing.fragments.back().producerMillis;
      } else if (kind == 2) {
        time += kMinute - (time - kBegin) % kMinute;
      } else {
        time += step;
      }
      ListedFragment fragment{std::to_string(order[i]), time, time + below(3000)};
      fragment.lengthMillis = below(3) == 0 ? 0 : below(20'000);
      fragment.micros = below(5) == 0 ? static_cast<int>(below(1000)) : 0;
      listing.fragments.push_back(fragment);
    }
    constexpr size_t kLimits[] = {1, 3, 50, 1000};
    listing.pageLimit = std::max<size_t>(kLimits[below(4)], count / 50);
    listing.oddPagesPercent = static_cast<unsigned>(below(3)) * 25;
  }

  ListOptions anyOptions(std::mt19937& random) const {
    const auto& fragments = archive_.listing.fragments;
    ListOptions options;
    options.selector.type = random() % 2 == 0 ? kvs::SelectorType::kProducerTimestamp
                                              : kvs::SelectorType::kServerTimestamp;
    options.clock = random() % 2 == 0 ? FragmentClock::kProducer : FragmentClock::kServer;
    options.leadIn = random() % 2 == 0;
    options.duplicates = random() % 3 == 0 ? Duplicates::kAll : Duplicates::kNewest;
    int64_t start = kBegin + static_cast<int64_t>(random() % 5000);
    int64_t end = fragments[random() % fragments.size()].producerMillis;
    if (random() % 2 == 0) {
      start = fragments[random() % fragments.size()].producerMillis;
    }
    if (end < start) {
      std::swap(start, end);
    }
    if (random() % 3 == 0) {
      end += static_cast<int64_t>(random() % 100) * kHour;
    }
    options.selector.start = unixTimeFromMillis(start);
    options.selector.end = unixTimeFromMillis(end);
    return options;
  }
};

TEST_F(FragmentListerOracleTest, ListsWhatTheWholeArchiveSays) {
  size_t windowed = 0;
  constexpr unsigned kSeeds = test::effort(600);
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    std::mt19937 random(seed);
    fill(random, 1 + random() % (seed % 10 == 0 ? 3000 : 100));
    const ListOptions options = anyOptions(random);
    const Listed expected = oracle(options);
    const Listed listed = list(options);
    ASSERT_EQ(listed.numbers, expected.numbers) << seed;
    ASSERT_EQ(listed.superseded, expected.superseded) << seed;
    windowed += listed.mostInAWindow < listed.numbers.size() ? 1 : 0;
    for (const test::ListRequest& request : archive_.listing.requests()) {
      ASSERT_LE(request.end, toMillis(options.selector.end));
      ASSERT_GE(request.start + (options.leadIn ? 20'000 : 0), toMillis(options.selector.start));
    }
  }
  EXPECT_GT(windowed, kSeeds / 4);
}

TEST_F(FragmentListerOracleTest, ACancelInAnyCallChangesNothing) {
  archive_.token = &cancel_;
  size_t cancelled = 0;
  constexpr unsigned kSeeds = test::effort(16);
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    std::mt19937 random(seed);
    fill(random, 40);
    ListOptions options = anyOptions(random);
    options.selector.start = unixTimeFromMillis(kBegin);
    options.selector.end = unixTimeFromMillis(kBegin + 100 * kHour);
    archive_.cancelAt = SIZE_MAX;
    const Listed expected = oracle(options);
    const size_t before = archive_.calls();
    ASSERT_EQ(list(options).numbers, expected.numbers);
    const size_t calls = archive_.calls() - before;
    for (size_t call = 0; call < calls; ++call) {
      archive_.cancelAt = archive_.calls() + call;
      const Listed listed = list(options);
      // Odd pages fall differently each time, and so there may be fewer calls.
      ASSERT_LE(listed.cancelled, 1U);
      cancelled += listed.cancelled;
      ASSERT_EQ(listed.numbers, expected.numbers) << seed << " " << call;
      ASSERT_EQ(listed.superseded, expected.superseded) << seed << " " << call;
    }
  }
  EXPECT_GT(cancelled, kSeeds * 25);
}

TEST_F(FragmentListerOracleTest, ACancelInEveryOtherCallChangesNothing) {
  for (int i = 0; i < 200; ++i) {
    archive_.listing.fragments.push_back(
        {std::to_string(1000 + i), kBegin + kMinute * i, kBegin + kMinute * i});
  }
  archive_.listing.pageLimit = 7;
  ListOptions options;
  options.selector = {kvs::SelectorType::kProducerTimestamp, unixTimeFromMillis(kBegin),
                      unixTimeFromMillis(kBegin + 24 * kHour)};
  const Listed expected = oracle(options);
  FragmentLister lister(client_, options);
  archive_.token = &cancel_;
  std::vector<std::string> numbers;
  size_t cancelled = 0;
  size_t patience = 0;
  while (!lister.done()) {
    archive_.cancelAt = archive_.calls() + patience;
    const auto fragments = next(lister);
    cancel_.reset();
    if (!fragments) {
      ASSERT_EQ(fragments.error().kind, ErrorKind::kCancelled);
      ++cancelled;
      patience = 3;  // calls that bring the next page
      continue;
    }
    patience = 0;
    for (const kvs::Fragment& fragment : *fragments) {
      numbers.push_back(fragment.number);
    }
  }
  EXPECT_EQ(numbers, expected.numbers);
  EXPECT_GT(cancelled, 20U);
}

TEST_F(FragmentListerOracleTest, MemoryDoesNotDependOnTheRange) {
  std::map<int64_t, size_t> peaks;
  for (const int64_t hours : {2, test::effort(48)}) {
    archive_.listing = test::FakeListing();
    for (int64_t i = 0; i < hours * 1800; ++i) {
      archive_.listing.fragments.push_back(
          {std::to_string(100'000 + i), kBegin + 2000 * i, kBegin + 2000 * i});
    }
    ListOptions options;
    options.selector = {kvs::SelectorType::kProducerTimestamp, unixTimeFromMillis(kBegin),
                        unixTimeFromMillis(kBegin + hours * kHour - 1)};
    FragmentLister lister(client_, options);
    const test::HeapMeter heap;
    size_t listed = 0;
    while (!lister.done()) {
      const auto fragments = next(lister);
      ASSERT_TRUE(fragments.ok());
      EXPECT_LE(fragments->size(), 550U);
      listed += fragments->size();
    }
    EXPECT_EQ(listed, hours * 1800);
    EXPECT_LE(archive_.listing.requests().size(), 5 + listed / 450);
    peaks[hours] = heap.peak();
  }
  for (const auto& [hours, peak] : peaks) {
    EXPECT_LT(peak, peaks[2] + (64 << 10)) << hours;
  }
}

}  // namespace
}  // namespace kvsarchive::archive
