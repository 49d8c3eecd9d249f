// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/clip_verdict.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "clip/clip_options.h"

namespace kvsarchive::clip {
namespace {

using kvs::SelectorType;
using std::chrono::milliseconds;

constexpr int64_t kBegin = 1'772'359'200'000;  // 2026-03-01T10:00:00Z

kvs::Fragment fragment(int number, int64_t ms, uint64_t size = 1000) {
  kvs::Fragment made;
  made.number = std::to_string(number);
  made.producerTimestamp = unixTimeFromMillis(kBegin + ms);
  made.serverTimestamp = unixTimeFromMillis(kBegin + number * 1000 + 77);
  made.length = milliseconds(1000);
  made.sizeBytes = size;
  return made;
}

ListedRange seconds(int count, uint64_t size = 1000) {
  ListedRange listed;
  listed.all = true;
  for (int i = 0; i < count; ++i) {
    listed.fragments.push_back(fragment(i + 1, i * 1000, size));
  }
  return listed;
}

TEST(ClipVerdict, AllThatIsListedIsComplete) {
  for (const int count : {1, 10, 200}) {
    for (const auto& duration :
         {std::optional<milliseconds>(), std::optional(milliseconds(count * 1000))}) {
      const Verdict verdict =
          judge(seconds(count), {static_cast<uint64_t>(count) * 900, duration, true});
      EXPECT_EQ(verdict.completeness, Completeness::kComplete) << count;
      EXPECT_EQ(verdict.text, "");
      EXPECT_FALSE(verdict.endsAt);
    }
  }
}

TEST(ClipVerdict, NothingListedIsNothingKnown) {
  EXPECT_EQ(judge(ListedRange(), {1000, std::nullopt}).completeness, Completeness::kUnknown);
}

TEST(ClipVerdict, TheTwoHundredthIsTheLast) {
  const Verdict verdict = judge(seconds(201), {200'000, milliseconds(200'000)});
  EXPECT_EQ(verdict.completeness, Completeness::kIncomplete);
  EXPECT_EQ(toMillis(*verdict.endsAt), kBegin + 199'000);
  EXPECT_EQ(toMillis(*verdict.restAt), kBegin + 200'000);
  EXPECT_EQ(verdict.text,
            "the clip ends with the fragment of 2026-03-01T10:03:19.000Z, the 200th; the rest "
            "starts at 2026-03-01T10:03:20.000Z, 1 fragments");
  EXPECT_EQ(tooLongForClip(seconds(200)), "");
  EXPECT_EQ(tooLongForClip(seconds(201)), "the range has more than 200 fragments");
}

TEST(ClipVerdict, TheTwoHundredthIsTheLastWhateverTheClipSays) {
  ListedRange listed = seconds(260);
  for (size_t i = 100; i < listed.fragments.size(); ++i) {
    listed.fragments[i].producerTimestamp += std::chrono::seconds(60);
  }
  // The file leaves the silence out, or is smaller than what is listed.
  for (const auto& clip : {ReceivedClip{180'000, milliseconds(200'000), true},
                           ReceivedClip{170'000, std::nullopt, true}}) {
    EXPECT_EQ(toMillis(*judge(listed, clip).restAt), kBegin + 260'000);
  }
}

TEST(ClipVerdict, WhatIsSmallerThanListedCanBeComplete) {
  const ListedRange listed = seconds(100, 950'000);  // 95 MB
  EXPECT_EQ(judge(listed, {93'600'000, std::nullopt, true}).completeness, Completeness::kComplete);
  ListedRange gap = seconds(100, 950'000);
  gap.fragments.back().producerTimestamp += std::chrono::seconds(60);
  EXPECT_EQ(judge(gap, {94'000'000, milliseconds(100'000), true}).completeness,
            Completeness::kComplete);
}

TEST(ClipVerdict, WhereAHundredMegabytesEndIsFoundByTimeElseBySize) {
  const ListedRange listed = seconds(100, 2'000'000);  // 200 MB
  EXPECT_EQ(tooLongForClip(listed), "the range has more than 100 MB");
  for (const auto& duration :
       {std::optional<milliseconds>(), std::optional(milliseconds(50'040))}) {
    const Verdict verdict = judge(listed, {99'100'000, duration});
    EXPECT_EQ(verdict.completeness, Completeness::kIncomplete);
    EXPECT_EQ(toMillis(*verdict.endsAt), kBegin + 49'000);
    EXPECT_EQ(toMillis(*verdict.restAt), kBegin + 50'000);
  }
  // Nearly a hundred, and all of it there.
  const ListedRange most = seconds(49, 2'000'000);
  EXPECT_EQ(tooLongForClip(most), "");
  EXPECT_EQ(judge(most, {97'000'000, milliseconds(49'000)}).completeness, Completeness::kComplete);
}

TEST(ClipVerdict, AClipThatIsFarTooShortIsIncomplete) {
  EXPECT_EQ(judge(seconds(40), {9000, milliseconds(12'000)}).completeness,
            Completeness::kIncomplete);
  EXPECT_EQ(judge(seconds(40), {9000, std::nullopt, true}).completeness, Completeness::kIncomplete);
  // Listed lengths are not exact: what may be there is doubted.
  const Verdict doubt = judge(seconds(40), {39'000, milliseconds(33'000)});
  EXPECT_EQ(doubt.completeness, Completeness::kUnknown);
  EXPECT_EQ(doubt.text,
            "media may be missing: the clip plays for 33000 ms, the fragments listed for 40000 ms");
  EXPECT_EQ(judge(seconds(40), {39'000, milliseconds(38'500)}).completeness,
            Completeness::kComplete);
  EXPECT_EQ(judge(seconds(40), {39'000, std::nullopt, true}).completeness, Completeness::kComplete);
  EXPECT_EQ(judge(seconds(40), {39'000, std::nullopt, false}).completeness, Completeness::kUnknown);
  // Silence may have been left out.
  ListedRange gap = seconds(20);
  gap.fragments.push_back(fragment(50, 3'600'000));
  EXPECT_EQ(judge(gap, {9000, milliseconds(21'000)}).completeness, Completeness::kComplete);
}

TEST(ClipVerdict, OnlyTheOldestIngestionCounts) {
  ListedRange listed = seconds(10);
  for (int i = 0; i < 5; ++i) {
    listed.fragments.push_back(fragment(20 + i, 5500 + i * 1000));
  }
  uint64_t leftOut = 0;
  EXPECT_EQ(oldestIngestion(listed, &leftOut).size(), 10u);
  EXPECT_EQ(leftOut, 5u);
  const Verdict verdict = judge(listed, {9000, milliseconds(10'000)});
  EXPECT_EQ(verdict.completeness, Completeness::kIncomplete);
  EXPECT_EQ(verdict.leftOut, 5u);
  EXPECT_NE(verdict.text.find("5 fragments are not in the clip"), std::string::npos);
  listed.type = SelectorType::kServerTimestamp;
  EXPECT_EQ(oldestIngestion(listed, &leftOut).size(), 15u);
  // Of one time, the first; what follows stays.
  ListedRange twice = seconds(5);
  twice.fragments.insert(twice.fragments.begin() + 3, fragment(3, 2000));
  twice.fragments[2].number = "2";
  twice.fragments[1].number = "1";
  twice.fragments[0].number = "0";
  EXPECT_EQ(oldestIngestion(twice, &leftOut).size(), 5u);
  EXPECT_EQ(leftOut, 1u);
}

TEST(ClipVerdict, RecordingsThatOverlapAreDoubted) {
  ListedRange listed = seconds(1);
  listed.fragments.push_back(fragment(20, 500));
  const Verdict verdict = judge(listed, {1000, milliseconds(1000)});
  EXPECT_EQ(verdict.completeness, Completeness::kUnknown);
  EXPECT_NE(verdict.text.find("recordings overlap at 2026-03-01T10:00:00.5"), std::string::npos)
      << verdict.text;
  listed.fragments.back() = fragment(2, 900);  // as far as lengths are off
  EXPECT_EQ(judge(listed, {2000, milliseconds(1900)}).completeness, Completeness::kComplete);
  listed.fragments.back() = fragment(20, 500);
  listed.type = SelectorType::kServerTimestamp;
  EXPECT_EQ(judge(listed, {2000, milliseconds(2000)}).completeness, Completeness::kComplete);
}

TEST(ClipOptions, AreCheckedBeforeAnyRequest) {
  const UnixTime now = unixTimeFromMillis(kBegin + 90'000'000);
  ClipOptions options;
  options.selector = {SelectorType::kServerTimestamp, unixTimeFromMillis(kBegin),
                      unixTimeFromMillis(kBegin + 86'400'000)};
  EXPECT_TRUE(checkClipOptions(options, now));
  options.selector.end += milliseconds(1);
  EXPECT_EQ(checkClipOptions(options, now).error().kind, ErrorKind::kSettings);
  options.longClips = LongClips::kSplit;
  EXPECT_TRUE(checkClipOptions(options, now));
  options.checkComplete = false;
  EXPECT_FALSE(checkClipOptions(options, now));
  options.checkComplete = true;
  options.selector.end = now + milliseconds(1);
  EXPECT_FALSE(checkClipOptions(options, now));
  options.selector.type = SelectorType::kProducerTimestamp;
  EXPECT_TRUE(checkClipOptions(options, now));
  options.selector.end = options.selector.start;
  EXPECT_FALSE(checkClipOptions(options, now));
}

}  // namespace
}  // namespace kvsarchive::clip
