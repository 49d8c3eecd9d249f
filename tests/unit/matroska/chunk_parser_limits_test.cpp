// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "matroska_test_util.h"
#include "sample_chunks.h"
#include "support/effort.h"
#include "support/heap_meter.h"

namespace kvsarchive::matroska {
namespace {

using test::buildChunk;
using test::ChunkSpec;
using test::element;

constexpr size_t kMiB = size_t{1} << 20;

/// All up to the inside of a Cluster of unknown size.
std::string openCluster() {
  ChunkSpec spec = test::simpleChunk("5", 1'772'359'200'000, 0);
  spec.clusters[0].timecode.reset();
  return buildChunk(spec);
}

/// Feeds `piece` over and over; the error it comes to, none after `limit` bytes.
std::optional<Error> feedUntilError(const std::string& start, const std::string& piece,
                                    size_t limit) {
  ChunkParser parser;
  parser.append(Bytes::copyOf(start));
  for (size_t fed = 0; fed <= limit; fed += piece.size()) {
    for (auto event = parser.next(); !event || event->has_value(); event = parser.next()) {
      if (!event) {
        return event.error();
      }
    }
    parser.append(Bytes::copyOf(piece));
  }
  return std::nullopt;
}

TEST(ChunkParserLimits, AWholeElementMayHave15MiB) {
  constexpr size_t kHeader = 5;
  for (const bool fits : {true, false}) {
    test::BlockSpec block;
    block.sizeBytes = 4;
    block.payload.assign(15 * kMiB - kHeader - 4 + (fits ? 0 : 1), 'x');
    ChunkSpec spec = test::simpleChunk("5", 1'772'359'200'000, 1);
    spec.clusters[0].blocks.push_back(block);
    const Parsed parsed = parseText(buildChunk(spec));
    EXPECT_EQ(parsed.error.has_value(), !fits);
    EXPECT_EQ(parsed.blockCount(), fits ? 2U : 1U);
    if (parsed.error) {
      EXPECT_EQ(parsed.error->kind, ErrorKind::kDecode);
      EXPECT_NE(parsed.error->message.find("15 MiB"), std::string::npos);
    }
  }
}

TEST(ChunkParserLimits, LargeElementsAreRefusedBeforeTheyAreRead) {
  const std::string ebml = element(0x1A45DFA3, "") + test::openElement(0x18538067);
  for (const uint64_t size : {uint64_t{15} << 20 | 1, uint64_t{1} << 32, (uint64_t{1} << 56) - 2}) {
    for (const std::string& start :
         {std::string(test::lyingElement(0x1A45DFA3, size)),
          ebml + test::lyingElement(0x1549A966, size), ebml + test::lyingElement(0x1654AE6B, size),
          ebml + test::lyingElement(0x1254C367, size),
          openCluster() + test::lyingElement(0xA3, size),
          openCluster() + test::lyingElement(0xA0, size),
          openCluster() + test::lyingElement(0xE7, size)}) {
      ChunkParser parser;
      parser.append(Bytes::copyOf(start));
      auto event = parser.next();
      while (event && event->has_value()) {
        event = parser.next();
      }
      ASSERT_FALSE(event.ok()) << size;
      EXPECT_EQ(event.error().kind, ErrorKind::kDecode);
    }
  }
}

TEST(ChunkParserLimits, SkipsHugeElementsWithoutHoldingThem) {
  const test::HeapMeter heap;
  EXPECT_FALSE(feedUntilError(openCluster() + test::lyingElement(0xEC, (uint64_t{1} << 56) - 2),
                              std::string(kMiB, 'x'), 64 * kMiB));
  EXPECT_LT(heap.peak(), 8 * kMiB);
  const Parsed cut = parseText(openCluster() + test::lyingElement(0xEC, uint64_t{1} << 40) + "x");
  ASSERT_TRUE(cut.error.has_value());
  EXPECT_EQ(cut.error->kind, ErrorKind::kRead);
}

TEST(ChunkParserLimits, HoldsOneElementAtMostWhileItArrives) {
  const test::HeapMeter heap;
  EXPECT_FALSE(feedUntilError(openCluster() + test::lyingElement(0xA3, 14 * kMiB),
                              std::string(kMiB / 4, 'x'), 13 * kMiB));
  EXPECT_LT(heap.peak(), 32 * kMiB);
}

TEST(ChunkParserLimits, BlocksBeforeALateTimecodeAreBounded) {
  for (const size_t payload : {size_t{0}, size_t{40}, kMiB}) {
    test::BlockSpec block;
    block.payload.assign(payload, 'x');
    std::string piece;
    while (piece.size() < kMiB / 4) {
      piece += test::blockElement(block);
    }
    const test::HeapMeter heap;
    const auto error = feedUntilError(openCluster(), piece, 1024 * kMiB);
    ASSERT_TRUE(error.has_value()) << payload;
    EXPECT_EQ(error->kind, ErrorKind::kDecode);
    EXPECT_LT(heap.peak(), ChunkParser::kMaxHeldBytes) << payload;
  }
}

TEST(ChunkParserLimits, TracksByTheThousandAreRefused) {
  ChunkSpec spec = test::simpleChunk("5", 1'772'359'200'000, 1);
  for (uint64_t number = 2; number < 5000; ++number) {
    spec.tracks.push_back(test::audioTrack(number));
  }
  const Parsed parsed = parseText(buildChunk(spec));
  ASSERT_TRUE(parsed.error.has_value());
  EXPECT_EQ(parsed.error->kind, ErrorKind::kDecode);
}

TEST(ChunkParserLimits, ScalesAndTimecodesOutOfRangeAreRefused) {
  for (const uint64_t scale : {uint64_t{1}, uint64_t{1'000'000'000'000}}) {
    ChunkSpec spec = test::simpleChunk("5", 1'772'359'200'000, 1);
    spec.timecodeScale = scale;
    EXPECT_FALSE(parseText(buildChunk(spec)).error) << scale;
  }
  ChunkSpec spec = test::simpleChunk("5", 1'772'359'200'000, 1);
  spec.timecodeScale = 1'000'000'000'001;
  EXPECT_EQ(parseText(buildChunk(spec)).error->kind, ErrorKind::kDecode);
  spec.timecodeScale = UINT64_MAX;
  EXPECT_EQ(parseText(buildChunk(spec)).error->kind, ErrorKind::kDecode);
  spec.timecodeScale = 0;
  spec.beforeInfo = element(0x1549A966, test::unsignedElement(0x2AD7B1, 0));
  EXPECT_EQ(parseText(buildChunk(spec)).error->kind, ErrorKind::kDecode);
  spec = test::simpleChunk("5", 1'772'359'200'000, 1);
  spec.clusters[0].timecode = uint64_t{1} << 63;
  EXPECT_EQ(parseText(buildChunk(spec)).error->kind, ErrorKind::kDecode);
}

TEST(ChunkParserLimits, TimesThatOverflowAreRefused) {
  ChunkSpec spec = test::simpleChunk("5", 1'772'359'200'000, 1);
  spec.clusters.push_back(spec.clusters[0]);
  spec.clusters[1].timecode = INT64_MAX;
  EXPECT_EQ(ticksOf(parseText(buildChunk(spec)).chunks[0]), "0 9223372036854775807");
  spec.clusters[1].blocks[0].offset = 1;
  EXPECT_EQ(parseText(buildChunk(spec)).error->kind, ErrorKind::kDecode);
  spec.clusters[0].timecode = INT64_MAX;
  spec.clusters[1].timecode = 0;
  spec.clusters[1].blocks[0].offset = -1;
  EXPECT_EQ(ticksOf(parseText(buildChunk(spec)).chunks[0]), "0 -9223372036854775808");
  spec.clusters[1].blocks[0].offset = -2;
  EXPECT_EQ(parseText(buildChunk(spec)).error->kind, ErrorKind::kDecode);
}

TEST(ChunkParserLimits, DeepNestingIsNotFollowed) {
  std::string deep = "bottom";
  for (int i = 0; i < 2000; ++i) {
    deep = element(0xAE, deep, 4);
  }
  ChunkSpec spec = test::simpleChunk("5", 1'772'359'200'000, 1);
  spec.tracks[0].extra = deep;
  spec.clusters[0].leading = element(0xEC, deep, 4);
  spec.beforeCluster = deep;
  EXPECT_EQ(parseText(buildChunk(spec)).blockCount(), 1U);
}

TEST(ChunkParserLimits, ATimecodeScaleWithoutBytesIsTheDefault) {
  ChunkSpec spec = test::simpleChunk("5", 1'772'359'200'000, 1);
  spec.timecodeScale = 0;
  spec.beforeInfo = element(0x1549A966, element(0x2AD7B1, ""));
  const Parsed parsed = parseText(buildChunk(spec));
  ASSERT_FALSE(parsed.error) << parsed.error->message;
  EXPECT_EQ(parsed.chunks[0].header.timecodeScale, 1'000'000U);
}

TEST(ChunkParserLimits, SmallBlocksBetweenSkippedElementsDoNotHoldTheirSlabs) {
  ChunkSpec spec = test::simpleChunk("5", 1'772'359'200'000, 1);
  std::string start = buildChunk(spec);
  const std::string two =
      test::blockElement(test::BlockSpec()) + test::blockElement(test::BlockSpec());
  const std::string slab = element(0xEC, std::string(kMiB - two.size() - 5, 'v'), 4) + two;
  ASSERT_EQ(slab.size(), kMiB);
  const test::HeapMeter heap;
  ChunkParser parser;
  parser.append(Bytes::copyOf(start));
  std::vector<ChunkEvent> held;
  for (int i = 0; i < 100; ++i) {
    parser.append(Bytes::copyOf(slab));
    for (auto event = parser.next(); event && event->has_value(); event = parser.next()) {
      held.push_back(std::move(**event));
    }
  }
  EXPECT_EQ(held.size(), 202U);  // the header, the first block, and two in each slab
  EXPECT_LT(heap.peak(), 8 * kMiB);
}

TEST(ChunkParserLimits, BlocksAreViewsAgainOnceTheyHaveMadeGood) {
  test::BlockSpec block;
  block.payload.assign(kMiB / 4, 'x');
  const Bytes input = Bytes::copyOf([&] {
    ChunkSpec spec = test::simpleChunk("5", 1'772'359'200'000, 0);
    spec.clusters[0].blocks.assign(8, block);
    spec.clusters[0].leading = element(0xEC, std::string(4 * kMiB, 'v'));
    return buildChunk(spec);
  }());
  const Parsed parsed = parsePieces({input});
  ASSERT_EQ(parsed.blockCount(), 8U);
  std::string views;
  for (const ChunkBlock& event : parsed.chunks[0].blocks) {
    views += event.block.element.slab() == input.slab() ? 'v' : 'c';
  }
  EXPECT_EQ(views, "cccvvvvv");
}

TEST(ChunkParserLimits, ManyElementsOfNoBytesAreCheap) {
  std::string voids;
  for (int i = 0; i < test::effort(1 << 20); ++i) {
    voids += "\xEC\x80";
  }
  const test::HeapMeter heap;
  EXPECT_FALSE(feedUntilError(openCluster(), voids, 8 * voids.size()));
  EXPECT_LT(heap.peak(), 8 * kMiB);
}

TEST(ChunkParserLimits, EndlessHeadersOfAChunkAreNotCollected) {
  const std::string ebml = element(0x1A45DFA3, "") + test::openElement(0x18538067);
  const std::string tags = test::tagsElement({{"site", std::string(kMiB / 2, 'x')}});
  const std::string tracks = test::tracksElement({test::TrackSpec(), test::audioTrack()});
  const test::HeapMeter heap;
  EXPECT_FALSE(feedUntilError(ebml, tags + tracks + element(0x1549A966, ""), 64 * kMiB));
  EXPECT_LT(heap.peak(), 16 * kMiB);
}

TEST(ChunkParserLimits, AnEbmlHeaderEndsAClusterOfUnknownSizeOnly) {
  ChunkSpec spec = test::simpleChunk("5", 1'772'359'200'000, 2);
  const std::string second = buildChunk(test::simpleChunk("6", 1'772'359'202'000, 1));
  const Parsed open = parseText(buildChunk(spec) + second);
  EXPECT_FALSE(open.error);
  EXPECT_EQ(open.completeChunks(), 2U);
  spec.clusters[0].size = test::SizeForm::kKnown;
  std::string closed = buildChunk(spec);
  const std::string cut = closed.substr(0, closed.size() - 5) + second;
  const Parsed parsed = parseText(cut);
  ASSERT_TRUE(parsed.error.has_value());
  EXPECT_EQ(parsed.error->kind, ErrorKind::kDecode);
  EXPECT_EQ(parsed.completeChunks(), 0U);
}

TEST(ChunkParserLimits, TheWorstOfEverythingStaysBelowTheBound) {
  ChunkSpec spec = test::simpleChunk("5", 1'772'359'200'000, 0);
  spec.clusters[0].timecode.reset();
  spec.tracks[0].codecPrivate.assign(15 * kMiB - 1000, 'x');
  spec.beforeCluster = test::tagsElement({{"site", std::string(kMiB - 100, 'x')}});
  test::BlockSpec block;
  block.payload.assign(100, 'x');
  std::string blocks;
  while (blocks.size() < kMiB) {
    blocks += test::blockElement(block);
  }
  std::string rest = buildChunk(spec);
  const test::HeapMeter heap;
  ChunkParser parser;
  const auto feed = [&parser](std::string_view bytes) {
    for (size_t at = 0; at < bytes.size(); at += kMiB) {
      parser.append(Bytes::copyOf(bytes.substr(at, kMiB)));
      const auto event = parser.next();
      ASSERT_TRUE(event.ok()) << event.error().message;
      ASSERT_FALSE(event->has_value());
    }
  };
  feed(rest);
  for (int i = 0; i < 8; ++i) {
    feed(blocks);
  }
  feed(test::lyingElement(0xA3, 15 * kMiB - 12));
  feed(std::string(15 * kMiB - 13, '\x81'));
  EXPECT_GT(heap.peak(), 60 * kMiB);
  EXPECT_LT(heap.peak(), ChunkParser::kMaxHeldBytes);
  parser.append(Bytes::copyOf("\x81" + test::unsignedElement(0xE7, 0)));
  const auto header = parser.next();
  ASSERT_TRUE(header.ok()) << header.error().message;
  ASSERT_TRUE(header->has_value());
  EXPECT_LT(heap.peak(), ChunkParser::kMaxHeldBytes);
}

}  // namespace
}  // namespace kvsarchive::matroska
