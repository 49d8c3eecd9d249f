// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/tags.h"

#include <gtest/gtest.h>

#include "support/chunk_builder.h"
#include "support/ebml_bytes.h"
#include "support/effort.h"
#include "support/heap_meter.h"

namespace kvsarchive::matroska {
namespace {

using test::element;
using test::epochText;
using test::TagList;
using test::tagsElement;

/// Payload of what test::tagsElement builds, its size in 4 bytes.
std::string payloadOf(const TagList& tags, const std::string& targets = "") {
  return tagsElement(tags, targets, 4).substr(8);
}

ChunkTags parse(const std::string& payload) {
  ChunkTags tags;
  const Status added = addTags(payload, &tags);
  EXPECT_TRUE(added.ok()) << added.error().message;
  return tags;
}

std::optional<UnixTime> parseTimestampTag(const std::string& text) {
  return parse(payloadOf({{"AWS_KINESISVIDEO_PRODUCER_TIMESTAMP", text}})).producerTimestamp;
}

TEST(Tags, ReadsBothFamiliesOfNames) {
  for (const char* side : {"", "SIDE_"}) {
    const std::string infix = side;
    const ChunkTags tags =
        parse(payloadOf({{"AWS_KINESISVIDEO_FRAGMENT_NUMBER", "123"},
                         {"AWS_KINESISVIDEO_SERVER_" + infix + "TIMESTAMP", "1511852109.126"},
                         {"AWS_KINESISVIDEO_PRODUCER_" + infix + "TIMESTAMP", "1511592929.5"}}));
    EXPECT_EQ(tags.fragmentNumber, "123");
    EXPECT_EQ(tags.serverTimestamp, unixTimeFromMillis(1511852109126));
    EXPECT_EQ(tags.producerTimestamp, unixTimeFromMillis(1511592929500));
    EXPECT_TRUE(tags.producer.empty());
    EXPECT_FALSE(tags.hasError());
  }
}

TEST(Tags, ReadsErrorsOfBothFamilies) {
  const ChunkTags wire = parse(payloadOf({{"AWS_KINESISVIDEO_ERROR_CODE", "FRAGMENT_NOT_FOUND"},
                                          {"AWS_KINESISVIDEO_ERROR_ID", "3000"},
                                          {"AWS_KINESISVIDEO_FRAGMENT_NUMBER", "7"}}));
  EXPECT_EQ(wire.errorCode, "FRAGMENT_NOT_FOUND");
  EXPECT_EQ(wire.errorId, "3000");
  EXPECT_EQ(wire.fragmentNumber, "7");
  EXPECT_TRUE(wire.hasError());
  const ChunkTags documented =
      parse(payloadOf({{"AWS_KINESISVIDEO_EXCEPTION_ERROR_CODE", "4500"},
                       {"AWS_KINESISVIDEO_EXCEPTION_MESSAGE", "no access to the key"}}));
  EXPECT_EQ(documented.errorCode, "");
  EXPECT_EQ(documented.errorId, "4500");
  EXPECT_EQ(documented.errorMessage, "no access to the key");
  EXPECT_TRUE(documented.hasError());
}

TEST(Tags, EveryMillisecondOfADecimalTimestampIsExact) {
  for (int64_t millis = 1511852109000; millis < 1511852111000; ++millis) {
    ASSERT_EQ(parseTimestampTag(epochText(millis)), unixTimeFromMillis(millis));
  }
}

TEST(Tags, ReadsTimestampsWithFewerAndMoreDecimals) {
  const struct {
    const char* text;
    int64_t millis;
  } cases[] = {{"0.000", 0},
               {"0", 0},
               {"5", 5000},
               {"5.1", 5100},
               {"5.12", 5120},
               {"5.0019", 5001},
               {"5.123999999999999999999", 5123}};
  for (const auto& c : cases) {
    EXPECT_EQ(parseTimestampTag(c.text), unixTimeFromMillis(c.millis)) << c.text;
  }
}

TEST(Tags, TimestampsThatAreNoneAreLeftOut) {
  for (const char* text :
       {"", " 5", "5 ", "-5", "-0.5", "5,1", "5.1x", "x", "1e9", "5.1.2", "9223372036854775807",
        "9223372036854775808", "99999999999999999999999", "9223372037.0"}) {
    EXPECT_FALSE(parseTimestampTag(text)) << text;
  }
  EXPECT_TRUE(parseTimestampTag("9223372035.999"));
}

TEST(Tags, KeepsTheProducersOwnAndTheLastOfEqualNames) {
  ChunkTags tags = parse(payloadOf({{"site", "north"}, {"site", "south"}, {"lens", "wide"}}));
  ASSERT_TRUE(
      addTags(payloadOf({{"lens", "tele"}, {"AWS_KINESISVIDEO_NOTIFICATION", "1"}}), &tags).ok());
  ASSERT_EQ(tags.producer.size(), 3U);
  EXPECT_EQ(tags.producer[0].name + "=" + tags.producer[0].value, "site=south");
  EXPECT_EQ(tags.producer[1].name + "=" + tags.producer[1].value, "lens=tele");
  EXPECT_EQ(tags.producer[2].name, "AWS_KINESISVIDEO_NOTIFICATION");
}

TEST(Tags, LeavesOutTheServicesBookkeepingAndNamelessTags) {
  EXPECT_TRUE(parse(payloadOf({{"AWS_KINESISVIDEO_MILLIS_BEHIND_NOW", "1"},
                               {"AWS_KINESISVIDEO_CONTINUATION_TOKEN", "2"},
                               {"", "nameless"}}))
                  .producer.empty());
}

TEST(Tags, TargetsDoNotMatter) {
  const std::string uid = test::unsignedElement(0x63C5, 11);
  ChunkTags tags = parse(payloadOf({{"site", "north"}}));
  ASSERT_TRUE(addTags(payloadOf({{"site", "south"}}, uid), &tags).ok());
  ASSERT_EQ(tags.producer.size(), 1U);
  EXPECT_EQ(tags.producer[0].value, "south");
}

TEST(Tags, CutsPaddingAndReplacesBytesThatAreNoUtf8) {
  const ChunkTags tags =
      parse(payloadOf({{std::string("site\0\0\0", 7), std::string("no\0rth", 6)},
                       {"r\xFFw", "\xFF\xFEz"},
                       {std::string("AWS_KINESISVIDEO_FRAGMENT_NUMBER\0", 33), "5"}}));
  ASSERT_EQ(tags.producer.size(), 2U);
  EXPECT_EQ(tags.producer[0].name, "site");
  EXPECT_EQ(tags.producer[0].value, "no");
  EXPECT_EQ(tags.producer[1].name, "r\xEF\xBF\xBDw");
  EXPECT_EQ(tags.producer[1].value, "\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_EQ(tags.fragmentNumber, "5");
}

TEST(Tags, RefusesWhatIsCutShort) {
  const std::string payload = payloadOf({{"site", "north"}});
  for (size_t length = 1; length < payload.size(); ++length) {
    ChunkTags tags;
    EXPECT_FALSE(addTags(payload.substr(0, length), &tags).ok()) << length;
  }
}

TEST(Tags, TooManyTagsAreCountedAndLeftOut) {
  TagList many;
  for (int i = 0; i < 3000; ++i) {
    many.emplace_back("name" + std::to_string(i), std::to_string(i));
  }
  many.emplace_back("name7", "again");
  many.emplace_back("AWS_KINESISVIDEO_FRAGMENT_NUMBER", "5");
  const ChunkTags tags = parse(payloadOf(many));
  ASSERT_EQ(tags.producer.size(), ChunkTags::kMaxProducerTags);
  EXPECT_EQ(tags.producer.back().name, "name255");
  EXPECT_EQ(tags.producer[7].value, "again");
  EXPECT_EQ(tags.droppedTags, 3000U - 256U);
  EXPECT_EQ(tags.fragmentNumber, "5");
  EXPECT_EQ(parse(payloadOf({{"site", "north"}})).droppedTags, 0U);
}

TEST(Tags, HugeTagsAreCountedAndNotHeld) {
  const std::string huge(10 << 20, 'x');
  constexpr int kRounds = test::effort(20);
  const test::HeapMeter heap;
  ChunkTags tags;
  for (int i = 0; i < kRounds; ++i) {
    ASSERT_TRUE(addTags(payloadOf({{"name" + std::to_string(i), huge}, {"site", "north"}}), &tags));
  }
  EXPECT_LT(heap.peak(), size_t{128} << 20);
  EXPECT_EQ(tags.droppedTags, kRounds);
  ASSERT_EQ(tags.producer.size(), 1U);
  EXPECT_EQ(tags.producer[0].name, "site");
  // A value that is too large does not take the place of one that is not.
  ASSERT_TRUE(addTags(payloadOf({{"site", huge}}), &tags));
  EXPECT_EQ(tags.producer[0].value, "north");
  EXPECT_EQ(tags.droppedTags, kRounds + 1);
}

TEST(Tags, ReadsBinaryValues) {
  const auto binary = [](const std::string& name, const std::string& value) {
    return element(0x7373, element(0x67C8, element(0x45A3, name) + element(0x4485, value)));
  };
  const ChunkTags tags = parse(binary("site", "north") +
                               binary("raw",
                                      "a\xFF"
                                      "b") +
                               binary("AWS_KINESISVIDEO_FRAGMENT_NUMBER", "123"));
  ASSERT_EQ(tags.producer.size(), 2U);
  EXPECT_EQ(tags.producer[0].value, "north");
  EXPECT_EQ(tags.producer[1].value,
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(tags.fragmentNumber, "123");
}

TEST(Tags, WhatTheServiceSaysIsOneShortLine) {
  const std::string text = "a\r\nb\xFF" + std::string(1 << 20, 'x');
  const ChunkTags tags = parse(payloadOf({{"AWS_KINESISVIDEO_FRAGMENT_NUMBER", text},
                                          {"AWS_KINESISVIDEO_ERROR_CODE", text},
                                          {"AWS_KINESISVIDEO_ERROR_ID", text},
                                          {"AWS_KINESISVIDEO_EXCEPTION_MESSAGE", text}}));
  for (const std::string* value :
       {&tags.fragmentNumber, &tags.errorCode, &tags.errorId, &tags.errorMessage}) {
    EXPECT_EQ(value->substr(0, 8), "a  b\xEF\xBF\xBDx");
    EXPECT_LT(value->size(), 520U);
  }
}

TEST(Tags, NestingIsNotFollowed) {
  std::string deep;
  for (int i = 0; i < 5000; ++i) {
    deep = element(0x67C8, deep, 4);
  }
  EXPECT_TRUE(parse(element(0x7373, deep)).producer.empty());
}

}  // namespace
}  // namespace kvsarchive::matroska
