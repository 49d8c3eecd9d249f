// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/fragment_lister.h"

#include <algorithm>

#include "archive_test_util.h"
#include "support/log_capture.h"

namespace kvsarchive::archive {
namespace {

using test::ListedFragment;
using test::ListFault;
using test::ListRequest;

constexpr int64_t kMinute = 60'000;
constexpr int64_t kHour = 60 * kMinute;

/// Times are ms behind kBegin.
class FragmentListerTest : public ArchiveTest {
 protected:
  FragmentListerTest() { options_.selector = tenMinutes(); }

  /// A fragment with one time by both clocks, unless there is another one for the server's.
  ListedFragment& at(const std::string& number, int64_t start, int64_t server = INT64_MIN) {
    archive_.listing.fragments.push_back(
        {number, kBegin + start, kBegin + (server == INT64_MIN ? start : server)});
    return archive_.listing.fragments.back();
  }

  void range(int64_t start, int64_t end) {
    options_.selector.start = unixTimeFromMillis(kBegin + start);
    options_.selector.end = unixTimeFromMillis(kBegin + end);
  }

  void byServer() {
    options_.selector.type = kvs::SelectorType::kServerTimestamp;
    options_.clock = FragmentClock::kServer;
  }

  /// "1 2 | 3": numbers in the order listed, window by window, and what the error is.
  std::string list() {
    FragmentLister lister(client_, options_);
    std::string text;
    bool more = true;
    while (more) {
      EXPECT_FALSE(lister.done() && !next(lister)->empty());
      const auto listed = next(lister);
      if (!listed) {
        error_ = listed.error();
        return text + "error";
      }
      text += text.empty() || listed->empty() ? "" : "| ";
      for (const kvs::Fragment& fragment : *listed) {
        text += fragment.number + " ";
      }
      more = !listed->empty();
    }
    EXPECT_TRUE(lister.done());
    superseded_ = lister.superseded();
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }

  const std::vector<ListRequest>& requests() const { return archive_.listing.requests(); }

  /// "0+60000x250": start, length and MaxResults of each request; ' for those with a token.
  std::string requestsText() const {
    std::string text;
    for (const ListRequest& request : requests()) {
      text += (text.empty() ? "" : " ") + std::to_string(request.start - kBegin) + "+" +
              std::to_string(request.end - request.start) + "x" +
              std::to_string(request.maxResults) + (request.token.empty() ? "" : "'");
    }
    return text;
  }

  ListOptions options_;
  uint64_t superseded_ = 0;
  Error error_;
};

TEST_F(FragmentListerTest, SortsAllPages) {
  for (const char* number : {"5", "2", "3", "1", "4"}) {
    at(number, 1000 * (number[0] - '1'));
  }
  archive_.listing.pageLimit = 2;
  range(0, kMinute);
  EXPECT_EQ(list(), "1 2 3 4 5");
  EXPECT_EQ(requestsText(), "0+60000x250 0+60000x250' 0+60000x250'");
}

TEST_F(FragmentListerTest, ShortAndEmptyPagesAreNotTheEnd) {
  for (int i = 10; i < 60; ++i) {
    at(std::to_string(i), 1000 * i);
  }
  range(0, kMinute);
  const std::string expected = list();
  archive_.listing.pageLimit = 5;
  archive_.listing.oddPagesPercent = 70;
  EXPECT_EQ(list(), expected);
  EXPECT_EQ(std::count(expected.begin(), expected.end(), ' '), 49);
  EXPECT_GT(requests().size(), 15U);
}

TEST_F(FragmentListerTest, AnEmptyPageWithATokenDoesNotMakeAProbeEmpty) {
  at("1", 9 * kMinute);
  archive_.listing.oddPagesPercent = 70;
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(list(), "1");
  }
}

TEST_F(FragmentListerTest, TheBoundsOfTheRangeAreInIt) {
  at("1", -1);
  at("2", 0);
  at("3", kMinute);
  at("4", 10 * kMinute);
  at("5", 10 * kMinute + 1);
  EXPECT_EQ(list(), "2 | 3 | 4");
  for (const ListRequest& request : requests()) {
    EXPECT_GE(request.start, kBegin);
    EXPECT_LE(request.end, kBegin + 10 * kMinute);
  }
}

TEST_F(FragmentListerTest, ARangeOfOneMillisecond) {
  at("1", 5);
  at("2", 6);
  range(5, 5);
  EXPECT_EQ(list(), "1");
  EXPECT_EQ(requestsText(), "5+0x250");
}

// --- windows ---

TEST_F(FragmentListerTest, TheFirstWindowIsOneRequestHoweverLongTheRange) {
  for (int i = 0; i < 43'200; ++i) {
    at(std::to_string(100'000 + i), 2000 * i);
  }
  range(0, 24 * kHour);
  FragmentLister lister(client_, options_);
  EXPECT_EQ(next(lister)->size(), 30U);
  EXPECT_EQ(requestsText(), "0+60000x250");
}

TEST_F(FragmentListerTest, WindowsFollowTheDensity) {
  for (int i = 0; i < 7200; ++i) {  // an hour of 2 a second, behind one of a fragment per minute
    at(std::to_string(100'000 + i), i < 60 ? kMinute * i : kHour + 500 * i);
  }
  range(0, 3 * kHour);
  FragmentLister lister(client_, options_);
  std::vector<size_t> counts;
  do {
    counts.push_back(next(lister)->size());
  } while (!lister.done());
  // Windows grow fourfold at most, are cut where it becomes denser, and then have 500 fragments.
  ASSERT_GT(counts.size(), 12U);
  EXPECT_EQ(std::vector<size_t>(counts.begin(), counts.begin() + 3),
            (std::vector<size_t>{1, 4, 16}));
  EXPECT_LE(*std::max_element(counts.begin(), counts.end()), 2000U);
  for (size_t i = counts.size() - 8; i + 2 < counts.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(counts[i]), 500, 2) << i;
  }
  EXPECT_LE(requests().size(), 30U) << requestsText();
}

TEST_F(FragmentListerTest, AWindowThatTurnsOutTooFullIsListedInParts) {
  // Sparse for weeks, so that windows are long, then at the service's highest rate.
  for (int i = 0; i < 21'000; ++i) {
    at(std::to_string(100'000 + i), i < 1000 ? kHour * i : 1000 * kHour + 200 * i);
  }
  range(0, 2000 * kHour);
  FragmentLister lister(client_, options_);
  int number = 100'000;
  while (!lister.done()) {
    const auto listed = next(lister);
    ASSERT_TRUE(listed.ok());
    EXPECT_LE(listed->size(), 2000U);
    for (const kvs::Fragment& fragment : *listed) {
      ASSERT_EQ(fragment.number, std::to_string(number++));
    }
  }
  EXPECT_EQ(number, 121'000);
  EXPECT_LE(requests().size(), 140U) << requestsText();
}

TEST_F(FragmentListerTest, FragmentsOfOneTimeAreOneWindowHoweverMany) {
  options_.selector.start = unixTimeFromMillis(0);
  for (int i = 0; i < 5000; ++i) {
    at(std::to_string(100'000 + i), -kBegin);
  }
  FragmentLister lister(client_, options_);
  EXPECT_EQ(next(lister)->size(), 5000U);
  EXPECT_TRUE(next(lister)->empty());
  EXPECT_LE(requests().size(), 30U);
}

TEST_F(FragmentListerTest, WhatIsListedIsSortedWhateverTheOrderOfIngestion) {
  at("9", 0);  // the producer sent these last
  at("8", 1000);
  at("1", 90'000);
  at("2", 91'000);
  at("3", kMinute);
  EXPECT_EQ(list(), "9 8 | 3 1 2");
}

TEST_F(FragmentListerTest, AFragmentOnAnEdgeComesOnceWithItsDuplicatesSettled) {
  at("1", 0);
  at("3", kMinute);
  at("2", kMinute);
  at("4", kMinute);
  EXPECT_EQ(list(), "1 | 4");
  EXPECT_EQ(superseded_, 2U);
  options_.duplicates = Duplicates::kAll;
  EXPECT_EQ(list(), "1 | 2 3 4");
}

TEST_F(FragmentListerTest, FragmentsOnAnEdgeNeedNoProbe) {
  at("1", kMinute);
  at("2", 3 * kMinute);
  range(0, 5 * kMinute);
  EXPECT_EQ(list(), "1 | 2");
  EXPECT_EQ(requestsText(), "0+60000x250 60000+60000x250 120000+180000x250");
}

TEST_F(FragmentListerTest, BoundsThatAreNotExactDoNotRepeatFragments) {
  for (int i = -3; i <= 3; ++i) {
    at(std::to_string(5 + i), kMinute + i);
  }
  archive_.listing.slackMillis = 2;
  EXPECT_EQ(list(), "2 3 4 | 5 6 7 8");
}

TEST_F(FragmentListerTest, PartsOfAMillisecondDoNotFallBetweenWindows) {
  at("1", 0);
  at("2", kMinute - 1).micros = 600;  // listed as the edge
  at("3", kMinute).micros = 400;      // behind the edge, and listed as it
  at("4", kMinute).micros = 600;
  at("5", kMinute + 1);
  EXPECT_EQ(list(), "1 | 3 5");
  EXPECT_EQ(superseded_, 2U);
  options_.duplicates = Duplicates::kAll;
  EXPECT_EQ(list(), "1 | 2 3 4 5");
}

// --- nothing ---

TEST_F(FragmentListerTest, NothingTakesTwoRequestsInARangeOfAnyLength) {
  range(0, kMinute);
  EXPECT_EQ(list(), "");
  EXPECT_EQ(requestsText(), "0+60000x250");
  for (const int64_t hours : {1, 24, 30 * 24, 10 * 365 * 24}) {
    archive_.listing.clearRequests();
    range(0, hours * kHour);
    EXPECT_EQ(list(), "");
    EXPECT_EQ(requestsText(),
              "0+60000x250 60000+" + std::to_string(hours * kHour - kMinute) + "x50");
  }
}

TEST_F(FragmentListerTest, TheNextFragmentBehindAGapTakesOneRequest) {
  for (const int64_t hours : {1, 24, 30 * 24, 10 * 365 * 24}) {
    archive_.listing.clearRequests();
    archive_.listing.fragments.clear();
    at("1", 0);
    at("2", hours * kHour);
    at("3", hours * kHour + 1000);
    range(0, 2 * hours * kHour);
    EXPECT_EQ(list(), "1 | 2 3");
    ASSERT_EQ(requests().size(), 6U) << requestsText();
    EXPECT_EQ(requests()[2].maxResults, 50U);
    EXPECT_EQ(requests()[3].start, kBegin + hours * kHour - 1);
  }
}

TEST_F(FragmentListerTest, TheFirstOfManyIsFoundSoonInAnyOrderOfPages) {
  for (int i = 0; i < 20'000; ++i) {
    at(std::to_string(100'000 + i), 7 * kHour + 2000 * i);
  }
  range(0, 24 * kHour);
  const struct {
    test::FakeListing::Order order;
    size_t requests;
  } cases[] = {{test::FakeListing::Order::kNone, 6},
               {test::FakeListing::Order::kEarliestFirst, 4},
               {test::FakeListing::Order::kLatestFirst, 20}};
  for (const auto& c : cases) {
    archive_.listing.clearRequests();
    archive_.listing.order = c.order;
    FragmentLister lister(client_, options_);
    EXPECT_EQ(next(lister)->front().number, "100000");
    EXPECT_LE(requests().size(), c.requests) << requestsText();
  }
}

TEST_F(FragmentListerTest, AnEndNearAnEmptyWindowIsListedAtOnce) {
  at("1", 90'000);
  range(0, 100'000);
  EXPECT_EQ(list(), "1");
  EXPECT_EQ(requestsText(), "0+60000x250 60000+40000x250");
}

// --- duplicates ---

TEST_F(FragmentListerTest, FragmentsOnTwoPagesCountOnce) {
  at("1", 0);
  at("2", 1000);
  at("3", 2000);
  archive_.listing.pageLimit = 1;
  archive_.listing.oddPagesPercent = 60;
  for (int i = 0; i < 30; ++i) {
    ASSERT_EQ(list(), "1 2 3");
    ASSERT_EQ(superseded_, 0U);
  }
}

TEST_F(FragmentListerTest, TheNewestOfOneProducerTimeSupersedesTheOthers) {
  const test::LogCapture log;
  at("9", 0);
  at("10", 0);
  at("2", 1000);
  at("8", 0);
  EXPECT_EQ(list(), "10 2");
  EXPECT_EQ(superseded_, 2U);
  EXPECT_NE(log.text().find("fragment 8 is superseded by 9"), std::string::npos) << log.text();
  EXPECT_NE(log.text().find("fragment 9 is superseded by 10"), std::string::npos);
}

TEST_F(FragmentListerTest, AllDuplicatesCanBeKept) {
  at("9", 0);
  at("10", 0);
  at("2", 1000);
  at("8", 0);
  options_.duplicates = Duplicates::kAll;
  EXPECT_EQ(list(), "8 9 10 2");
  EXPECT_EQ(superseded_, 0U);
}

TEST_F(FragmentListerTest, Time0OfProducersWithoutAClockIsNoDuplicate) {
  range(-kBegin, kMinute);
  at("2", -kBegin);
  at("1", -kBegin);
  at("4", 0);
  at("3", 0);
  EXPECT_EQ(list(), "1 2 | 4");
  EXPECT_EQ(superseded_, 1U);
}

TEST_F(FragmentListerTest, ByTheServersClockNothingIsSuperseded) {
  at("2", 0, 500);
  at("1", 0, 900);
  at("10", 3000, 700);
  at("9", 2000, 700);
  byServer();
  EXPECT_EQ(list(), "2 9 10 1");
  EXPECT_EQ(superseded_, 0U);
  EXPECT_TRUE(requests()[0].byServer);
}

TEST_F(FragmentListerTest, NumbersOf47DigitsAreComparedAsNumbers) {
  const std::string low = "91343852333181432392682062609776234230823574155";
  const std::string high = "91343852333181432392682062609776234230823574156";
  const std::string longer = "100000000000000000000000000000000000000000000000";
  at(high, 0);
  at(longer, 0);
  at(low, 0);
  EXPECT_EQ(list(), longer);
  EXPECT_EQ(superseded_, 2U);
}

// --- two clocks ---

TEST_F(FragmentListerTest, AnOrderByAnotherClockTakesTheWholeRange) {
  at("1", 9 * kMinute, 0);
  at("2", 0, 5 * kMinute);
  at("3", 5 * kMinute, 9 * kMinute);
  options_.selector.type = kvs::SelectorType::kServerTimestamp;
  EXPECT_EQ(list(), "2 3 1");
  EXPECT_EQ(requestsText(), "0+600000x1000");
  options_.selector.type = kvs::SelectorType::kProducerTimestamp;
  options_.clock = FragmentClock::kServer;
  EXPECT_EQ(list(), "1 2 3");
}

// --- lead-in ---

TEST_F(FragmentListerTest, TheLeadInIsTheFragmentThatCoversTheStart) {
  const struct {
    int64_t lengthMillis;
    const char* listed;
  } cases[] = {{0, "3 5"}, {999, "5"}, {1000, "5"}, {1001, "3 5"}, {20'000, "3 5"}};
  for (const auto& c : cases) {
    archive_.listing.fragments.clear();
    at("1", -20'001).lengthMillis = 60'000;
    at("2", -4000).lengthMillis = 60'000;  // not the last before the start
    at("3", -2000).lengthMillis = c.lengthMillis;
    at("5", 1000);
    range(0, kMinute);
    options_.leadIn = true;
    EXPECT_EQ(list(), c.listed) << c.lengthMillis;
    EXPECT_EQ(superseded_, 0U);
    options_.leadIn = false;
    EXPECT_EQ(list(), "5");
  }
  EXPECT_EQ(requests()[0].start, kBegin - 20'000);
  EXPECT_EQ(requests()[0].end, kBegin + kMinute);
}

TEST_F(FragmentListerTest, AFragmentAtTheStartIsNoLeadIn) {
  at("1", -2000).lengthMillis = 2500;
  at("2", 0);
  options_.leadIn = true;
  EXPECT_EQ(list(), "1 2");
  for (const int64_t length : {1500, 2000}) {  // it need not be longer than it is listed then
    archive_.listing.fragments[0].lengthMillis = length;
    EXPECT_EQ(list(), "2");
  }
}

TEST_F(FragmentListerTest, ALeadInCanBeAllThereIs) {
  at("1", -20'000).lengthMillis = 20'001;
  options_.leadIn = true;
  EXPECT_EQ(list(), "1");
  archive_.listing.fragments[0].lengthMillis = 19'000;
  EXPECT_EQ(list(), "");
}

TEST_F(FragmentListerTest, DuplicatesOfTheLeadInAreSettledButNotCounted) {
  at("1", -2000).lengthMillis = 5000;
  at("3", -2000).lengthMillis = 0;
  at("2", -2000).lengthMillis = 5000;
  at("4", 0);
  at("5", 0);
  options_.leadIn = true;
  EXPECT_EQ(list(), "3 5");
  EXPECT_EQ(superseded_, 1U);
  options_.duplicates = Duplicates::kAll;
  EXPECT_EQ(list(), "3 4 5");
}

TEST_F(FragmentListerTest, TheLeadInIsFoundByTheSelectorsClock) {
  at("1", 5000, -3000).lengthMillis = 9000;  // last by the producer's clock
  at("2", 4000, -1000).lengthMillis = 2000;
  at("3", 3000, 2000);
  options_.selector.type = kvs::SelectorType::kServerTimestamp;
  options_.leadIn = true;
  EXPECT_EQ(list(), "3 2");
}

TEST_F(FragmentListerTest, TheLeadInDoesNotReachBehind1970) {
  range(-kBegin + 5000, kMinute);
  at("1", -kBegin).lengthMillis = 5001;
  options_.leadIn = true;
  EXPECT_EQ(list(), "1");
  EXPECT_EQ(requests()[0].start, 0);
}

// --- tokens and errors ---

TEST_F(FragmentListerTest, ATokenThatRepeatsOrHasExpiredStartsTheWindowOver) {
  for (const ListFault fault : {ListFault::kRepeatToken, ListFault::kRefuse}) {
    archive_.listing.fragments.clear();
    for (int i = 0; i < 50; ++i) {
      at(std::to_string(10 + i), 10'000 * i);
    }
    archive_.listing.pageLimit = 2;
    archive_.listing.fault = nullptr;
    const std::string expected = list();
    archive_.listing.clearRequests();
    // Twice for each window.
    archive_.listing.fault = [&, start = int64_t{0}, faults = 0](const auto& request) mutable {
      faults = request.start == start ? faults : 0;
      start = request.start;
      return !request.token.empty() && ++faults <= 2 ? fault : ListFault::kNone;
    };
    EXPECT_EQ(list(), expected);
    EXPECT_EQ(std::count_if(requests().begin(), requests().end(),
                            [](const auto& request) {
                              return request.start == kBegin && request.token.empty();
                            }),
              3);
  }
}

TEST_F(FragmentListerTest, ATokenThatGoesOnToRepeatIsAnError) {
  for (int i = 0; i < 9; ++i) {
    at(std::to_string(i), 1000 * i);
  }
  archive_.listing.pageLimit = 2;
  archive_.listing.fault = [](const auto& request) {
    return request.token.empty() ? ListFault::kNone : ListFault::kRepeatToken;
  };
  EXPECT_EQ(list(), "error");
  EXPECT_EQ(error_.kind, ErrorKind::kDecode);
  EXPECT_EQ(error_.operation, "ListFragments");
  EXPECT_EQ(requests().size(), 6U);
}

TEST_F(FragmentListerTest, EmptyPagesWithoutAnEndAreAnError) {
  at("1", 1000);
  archive_.listing.pageLimit = 0;  // the one fragment never comes, so there is always a token
  EXPECT_EQ(list(), "error");
  EXPECT_EQ(error_.kind, ErrorKind::kDecode);
  EXPECT_EQ(error_.operation, "ListFragments");
  EXPECT_EQ(requests().size(), 101U);
}

TEST_F(FragmentListerTest, ATokenThatIsRefusedAgainAndAgainIsTheServicesError) {
  for (int i = 0; i < 9; ++i) {
    at(std::to_string(i), 1000 * i);
  }
  archive_.listing.pageLimit = 2;
  archive_.listing.fault = [](const auto& request) {
    return request.token.empty() ? ListFault::kNone : ListFault::kRefuse;
  };
  EXPECT_EQ(list(), "error");
  EXPECT_EQ(error_.kind, ErrorKind::kSettings);
  EXPECT_EQ(error_.awsCode, "InvalidArgumentException");
  EXPECT_EQ(error_.operation, "ListFragments");
  EXPECT_EQ(requests().size(), 6U);
}

TEST_F(FragmentListerTest, TokensOfProbesStartOverToo) {
  at("1", 9 * kMinute);
  archive_.listing.oddPagesPercent = 30;
  archive_.listing.fault = [this](const auto& request) {
    return !request.token.empty() && requests().size() % 5 == 0 ? ListFault::kRefuse
                                                                : ListFault::kNone;
  };
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(list(), "1");
  }
}

TEST_F(FragmentListerTest, ErrorsAreToldAndACallAfterThemGoesOn) {
  at("1", 0);
  at("2", 5 * kMinute);
  const std::string expected = list();
  const size_t count = requests().size();
  for (size_t failing = 0; failing < count; ++failing) {
    archive_.listing.clearRequests();
    archive_.listing.fault = [&](const auto&) {
      // As often as the client tries.
      const size_t request = requests().size();
      return request > failing && request <= failing + 3 ? ListFault::kFail : ListFault::kNone;
    };
    FragmentLister lister(client_, options_);
    std::string text;
    size_t errors = 0;
    while (!lister.done()) {
      const auto listed = next(lister);
      if (!listed) {
        EXPECT_EQ(listed.error().awsCode, "InternalFailure");
        ++errors;
        continue;
      }
      for (const kvs::Fragment& fragment : *listed) {
        text += fragment.number;
      }
    }
    EXPECT_EQ(text, "12") << failing;
    EXPECT_EQ(errors, 1U) << failing;
    EXPECT_EQ(requests().size(), count + 3);
  }
}

TEST_F(FragmentListerTest, ARefusedFirstPageIsAnErrorAtOnce) {
  archive_.listing.fault = [](const auto&) { return ListFault::kRefuse; };
  byServer();
  EXPECT_EQ(list(), "error");
  EXPECT_EQ(error_.kind, ErrorKind::kSettings);
  EXPECT_EQ(requests().size(), 1U);
}

// --- retention ---

TEST_F(FragmentListerTest, ARangeMayBeginBeforeWhatTheServiceKeeps) {
  for (int i = 0; i < 40; ++i) {
    at(std::to_string(10 + i), kHour * i);
  }
  archive_.listing.retentionBegin = kBegin + 30 * kHour + 1;
  range(0, 36 * kHour);
  EXPECT_EQ(list(), "41 | 42 | 43 | 44 | 45 46");
  byServer();
  EXPECT_EQ(list(), "41 | 42 | 43 | 44 | 45 46");
}

TEST_F(FragmentListerTest, ARangeThatEndsBeforeWhatTheServiceKeepsIsItsError) {
  at("1", 0);
  archive_.listing.retentionBegin = kBegin + 11 * kMinute;
  EXPECT_EQ(list(), "");
  byServer();
  EXPECT_EQ(list(), "error");
  EXPECT_EQ(error_.kind, ErrorKind::kSettings);
  EXPECT_NE(error_.message.find("retention"), std::string::npos) << error_.message;
}

}  // namespace
}  // namespace kvsarchive::archive
