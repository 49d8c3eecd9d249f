// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/range_trim.h"

#include <gtest/gtest.h>

#include <string>

namespace kvsarchive::archive {
namespace {

constexpr int64_t kStart = 1'772'359'200'000;

/// A fragment that begins 2 s before kStart; the range ends 10 s behind it.
class RangeTrimTest : public testing::Test {
 protected:
  RangeTrimTest() {
    media_.fragment.producerTimestamp = unixTimeFromMillis(kStart - 2000);
    media_.fragment.serverTimestamp = unixTimeFromMillis(kStart + 5000);
    media_.fragment.length = std::chrono::milliseconds(4000);
    media_.header.emplace();
    media_.header->tracks = {track(1, matroska::TrackType::kVideo),
                             track(2, matroska::TrackType::kAudio)};
  }

  static matroska::Track track(uint64_t number, matroska::TrackType type) {
    matroska::Track track;
    track.number = number;
    track.type = type;
    return track;
  }

  /// "V1000" key frame of the video, "v1040" another, "a1000" audio; ms from the fragment's time.
  void blocks(const std::string& text) {
    media_.blocks.clear();
    for (size_t at = 0; at < text.size(); at = text.find_first_not_of(' ', text.find(' ', at))) {
      matroska::ChunkBlock block;
      block.block.track = text[at] == 'a' ? 2 : 1;
      block.block.key = text[at] != 'v';
      block.ticks = std::stoll(text.substr(at + 1));
      media_.blocks.push_back(std::move(block));
      if (text.find(' ', at) == std::string::npos) {
        break;
      }
    }
  }

  std::string kept(const RangeTrim& trim) {
    std::string text;
    const auto keep = trim.blocksToKeep(media_);
    for (const bool stays : keep) {
      text += stays ? '+' : '-';
    }
    return text;
  }

  std::string kept(const std::string& text, const RangeTrim& trim) {
    blocks(text);
    return kept(trim);
  }

  static kvs::FragmentSelector range(int64_t endMillis = 10'000) {
    return {kvs::SelectorType::kProducerTimestamp, unixTimeFromMillis(kStart),
            unixTimeFromMillis(kStart + endMillis)};
  }

  FragmentMedia media_;
};

TEST_F(RangeTrimTest, StartsWithTheLastKeyFrameAtOrBeforeTheStart) {
  const RangeTrim trim(range(), true, true);
  EXPECT_EQ(kept("V0 v40 V1960 v2000 v2040", trim), "--+++");
  EXPECT_EQ(kept("V0 v40 V2000 v2040", trim), "--++");
  EXPECT_EQ(kept("V0 v40 V2001 v2040", trim), "++++");
  EXPECT_EQ(kept("V0 v40", trim), "++");
}

TEST_F(RangeTrimTest, DropsAllThatEndsBeforeTheStart) {
  const RangeTrim trim(range(), true, true);
  for (const int64_t listed : {0, 1500, 2000}) {
    media_.fragment.length = std::chrono::milliseconds(listed);
    EXPECT_EQ(kept("V0 v40", trim), "--") << listed;
    EXPECT_EQ(kept("V0 a0 v40 a1000", trim), "----") << listed;
    EXPECT_EQ(kept("V0 v1000", trim), "--") << listed;
    EXPECT_EQ(kept("V0 v1001", trim), "++") << listed;  // shown until 2002, which is behind it
    EXPECT_EQ(kept("V0 v1000 a1999 a2000", trim), "++++") << listed;
  }
  EXPECT_EQ(kept("V0 a0", trim), "--");
  media_.fragment.length = std::chrono::milliseconds(2001);
  EXPECT_EQ(kept("V0 v40", trim), "++");
  media_.fragment.length = std::chrono::milliseconds(0);  // nothing says how long it is shown
  EXPECT_EQ(kept("V0 a0", trim), "++");
}

TEST_F(RangeTrimTest, KeepsReorderedFramesBehindTheKeyFrame) {
  const RangeTrim trim(range(), true, true);
  // In decode order: the frames shown before the second key frame follow it.
  EXPECT_EQ(kept("V0 v80 v40 V1960 v1920 v2040 v2000", trim), "---++++");
}

TEST_F(RangeTrimTest, KeepsAudioFromTheTimeOfTheVideosKeyFrame) {
  const RangeTrim trim(range(), true, true);
  EXPECT_EQ(kept("V0 a0 a990 V1000 a1000 a1990 v2000", trim), "---++++");
  EXPECT_EQ(kept("V0 a0 V1000 a980 a1020 v1040", trim), "--+-++");
}

TEST_F(RangeTrimTest, WithoutVideoEachTrackStartsWithItsLastBlockBefore) {
  const RangeTrim trim(range(), true, true);
  EXPECT_EQ(kept("a0 a1980 a2000 a2020", trim), "--++");
}

TEST_F(RangeTrimTest, KeepsAllWhereNoKeyFrameIsEarlyEnough) {
  const RangeTrim trim(range(), true, true);
  EXPECT_EQ(kept("v0 v1000 v2000", trim), "+++");
  EXPECT_EQ(kept("", trim), "");
}

TEST_F(RangeTrimTest, EndsEachTrackWithItsLastBlockAtOrBeforeTheEnd) {
  const RangeTrim trim(range(500), false, true);
  EXPECT_EQ(kept("V0 a0 v2480 a2490 v2500 a2510 v2520 a2530", trim), "+++++---");
  // Frames shown after the end stay where a frame inside of the range needs them to be decoded.
  EXPECT_EQ(kept("V0 v2560 v2480 v2520 v2540", trim), "+++--");
  EXPECT_EQ(kept("V2600 v2640", trim), "--");
}

TEST_F(RangeTrimTest, EachEndIsTrimmedOnlyWhenWanted) {
  blocks("V0 V1960 v2480 v2520");
  EXPECT_EQ(kept(RangeTrim(range(500), false, false)), "++++");
  EXPECT_EQ(kept(RangeTrim(range(500), true, false)), "-+++");
  EXPECT_EQ(kept(RangeTrim(range(500), false, true)), "+++-");
  EXPECT_EQ(kept(RangeTrim(range(500), true, true)), "-++-");
}

TEST_F(RangeTrimTest, GoesByTheClockOfTheRange) {
  kvs::FragmentSelector server = range();
  server.type = kvs::SelectorType::kServerTimestamp;
  const RangeTrim trim(server, true, true);
  EXPECT_EQ(kept("V0 V1960 v5000 v5040", trim), "+++-");
}

TEST_F(RangeTrimTest, TimesAreInTheChunksScale) {
  media_.header->timecodeScale = 1'000'000'000;
  const RangeTrim trim(range(), true, true);
  EXPECT_EQ(kept("V0 V2 v3 v12 v13", trim), "-+++-");
}

TEST_F(RangeTrimTest, ConcernsFragmentsThatMayReachOverAnEnd) {
  const RangeTrim trim(range(60'000), true, true);
  EXPECT_TRUE(trim.concerns(media_.fragment));
  media_.fragment.producerTimestamp = unixTimeFromMillis(kStart);
  EXPECT_FALSE(trim.concerns(media_.fragment));
  media_.fragment.producerTimestamp = unixTimeFromMillis(kStart + 40'001);
  media_.fragment.length = std::chrono::milliseconds(0);  // not known
  EXPECT_TRUE(trim.concerns(media_.fragment));
  EXPECT_FALSE(RangeTrim(range(60'000), true, false).concerns(media_.fragment));
}

}  // namespace
}  // namespace kvsarchive::archive
