// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/fragment_lister.h"

#include <algorithm>

#include "archive_test_util.h"

namespace kvsarchive::archive {
namespace {

using test::ListedFragment;

class FragmentListerTest : public ArchiveTest {
 protected:
  /// Puts fragments of these producer times, ms behind kBegin, on a page.
  void page(const std::string& token, const std::vector<ListedFragment>& fragments,
            const std::string& nextToken) {
    archive_.pages[token] = {fragments, nextToken};
  }

  static ListedFragment at(const std::string& number, int64_t start, int64_t server = 0) {
    return {number, kBegin + start, kBegin + (server == 0 ? start : server), 1000, 80};
  }

  /// "1 2 3": numbers in the order listed, or the error.
  std::string list(FragmentClock clock = FragmentClock::kProducer) {
    FragmentLister lister(client_, tenMinutes(), clock);
    const auto listed = lister.next(cancel_);
    if (!listed) {
      return "error: " + listed.error().message;
    }
    EXPECT_TRUE(lister.next(cancel_)->empty());
    superseded_ = lister.superseded();
    std::string text;
    for (const kvs::Fragment& fragment : *listed) {
      text += (text.empty() ? "" : " ") + fragment.number;
    }
    return text;
  }

  uint64_t superseded_ = 0;
};

TEST_F(FragmentListerTest, SortsAllPages) {
  page("", {at("5", 4000), at("2", 1000)}, "a");
  page("a", {at("3", 2000), at("1", 0)}, "b");
  page("b", {at("4", 3000)}, "");
  EXPECT_EQ(list(), "1 2 3 4 5");
  EXPECT_EQ(archive_.listTokens(), (std::vector<std::string>{"", "a", "b"}));
}

TEST_F(FragmentListerTest, ShortAndEmptyPagesAreNotTheEnd) {
  page("", {}, "a");
  page("a", {at("1", 0)}, "b");
  page("b", {}, "c");
  page("c", {at("2", 1000)}, "");
  EXPECT_EQ(list(), "1 2");
}

TEST_F(FragmentListerTest, NothingIsAList) {
  page("", {}, "");
  EXPECT_EQ(list(), "");
}

TEST_F(FragmentListerTest, ARepeatedTokenIsAnError) {
  page("", {at("1", 0)}, "a");
  page("a", {at("2", 1000)}, "b");
  page("b", {at("3", 2000)}, "a");
  FragmentLister lister(client_, tenMinutes(), FragmentClock::kProducer);
  const auto listed = lister.next(cancel_);
  ASSERT_FALSE(listed.ok());
  EXPECT_EQ(listed.error().kind, ErrorKind::kDecode);
  EXPECT_EQ(listed.error().operation, "ListFragments");
  EXPECT_EQ(archive_.listTokens().size(), 3U);
}

TEST_F(FragmentListerTest, FragmentsOnTwoPagesCountOnce) {
  page("", {at("1", 0), at("2", 1000)}, "a");
  page("a", {at("2", 1000), at("1", 0), at("3", 2000)}, "");
  EXPECT_EQ(list(), "1 2 3");
  EXPECT_EQ(superseded_, 0U);
  EXPECT_EQ(list(FragmentClock::kServer), "1 2 3");
}

TEST_F(FragmentListerTest, TheNewestOfOneProducerTimeSupersedesTheOthers) {
  page("", {at("9", 0), at("10", 0), at("2", 1000)}, "a");
  page("a", {at("10", 0), at("8", 0), at("9", 0)}, "");
  EXPECT_EQ(list(), "10 2");
  EXPECT_EQ(superseded_, 2U);
}

TEST_F(FragmentListerTest, ByTheServersClockNothingIsSuperseded) {
  page("", {at("2", 0, 500), at("1", 0, 900), at("10", 3000, 700), at("9", 2000, 700)}, "");
  EXPECT_EQ(list(FragmentClock::kServer), "2 9 10 1");
  EXPECT_EQ(superseded_, 0U);
}

TEST_F(FragmentListerTest, NumbersOf47DigitsAreComparedAsNumbers) {
  const std::string low = "91343852333181432392682062609776234230823574155";
  const std::string high = "91343852333181432392682062609776234230823574156";
  const std::string longer = "100000000000000000000000000000000000000000000000";
  page("", {at(high, 0), at(longer, 0), at(low, 0)}, "");
  EXPECT_EQ(list(), longer);
  EXPECT_EQ(superseded_, 2U);
}

TEST_F(FragmentListerTest, ACancelledListingGoesOnWithThePageItHadComeTo) {
  page("", {at("1", 0)}, "a");
  page("a", {at("2", 1000)}, "b");
  page("b", {at("3", 2000)}, "");
  archive_.token = &cancel_;
  archive_.cancelAt = 7;  // 0 to 2 endpoint, 3 to 5 first page
  FragmentLister lister(client_, tenMinutes(), FragmentClock::kProducer);
  const auto cancelled = lister.next(cancel_);
  ASSERT_FALSE(cancelled.ok());
  EXPECT_EQ(cancelled.error().kind, ErrorKind::kCancelled);
  cancel_.reset();
  const auto listed = lister.next(cancel_);
  ASSERT_TRUE(listed.ok());
  EXPECT_EQ(listed->size(), 3U);
  const auto& tokens = archive_.listTokens();
  EXPECT_EQ(std::count(tokens.begin(), tokens.end(), ""), 1);
}

}  // namespace
}  // namespace kvsarchive::archive
