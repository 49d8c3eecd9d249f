// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/block.h"

#include <gtest/gtest.h>

#include "matroska_test_util.h"
#include "support/chunk_builder.h"
#include "support/ebml_bytes.h"

namespace kvsarchive::matroska {
namespace {

using test::blockElement;
using test::BlockSpec;
using test::element;

constexpr uint64_t kMilli = 1'000'000;

Block parsed(const BlockSpec& spec) {
  auto block = parseBlock(Bytes::copyOf(blockElement(spec)));
  EXPECT_TRUE(block.ok());
  return block ? *block : Block();
}

BlockSpec groupSpec() {
  BlockSpec spec;
  spec.group = true;
  spec.duration = 400;
  spec.key = false;
  return spec;
}

TEST(Block, ReadsSimpleBlocksInEveryShape) {
  for (const int trackBytes : {1, 2, 8}) {
    for (const int sizeBytes : {1, 2, 4, 8}) {
      for (const bool key : {true, false}) {
        BlockSpec spec;
        spec.trackBytes = trackBytes;
        spec.sizeBytes = sizeBytes;
        spec.offset = -2;
        spec.key = key;
        spec.track = 5;
        const Block block = parsed(spec);
        EXPECT_EQ(block.track, 5U);
        EXPECT_EQ(block.relativeTime, -2);
        EXPECT_EQ(block.key, key);
        EXPECT_TRUE(block.simple);
        EXPECT_EQ(frameOf(block), "frame");
      }
    }
  }
}

TEST(Block, ReadsEveryOffset) {
  for (const int offset : {INT16_MIN, -1, 0, 1, 255, 256, INT16_MAX}) {
    BlockSpec spec;
    spec.offset = static_cast<int16_t>(offset);
    EXPECT_EQ(parsed(spec).relativeTime, offset);
  }
}

TEST(Block, ReadsGroupsWithTheBlockAnywhere) {
  BlockSpec spec = groupSpec();
  const Block delta = parsed(spec);
  EXPECT_FALSE(delta.simple);
  EXPECT_FALSE(delta.key);
  EXPECT_EQ(frameOf(delta), "frame");
  spec.key = true;
  EXPECT_TRUE(parsed(spec).key);
  const std::string inner = element(0xA1, std::string("\x82\x00\x07\x00late", 8));
  auto late = parseBlock(Bytes::copyOf(element(0xA0, element(0xFB, "\x01") + inner)));
  ASSERT_TRUE(late.ok());
  EXPECT_FALSE(late->key);
  EXPECT_EQ(late->track, 2U);
  EXPECT_EQ(late->relativeTime, 7);
  EXPECT_EQ(frameOf(*late), "late");
}

TEST(Block, AnEmptyFrameIsAFrame) {
  BlockSpec spec;
  spec.payload = "";
  EXPECT_EQ(parsed(spec).frameBytes(), 0U);
}

TEST(Block, RefusesWhatHasNoHeaderOrTheWrongSize) {
  const std::string good = blockElement(BlockSpec());
  for (const std::string& bytes :
       {std::string(), good.substr(0, 1), good.substr(0, good.size() - 1), good + "x",
        element(0xA3, ""), element(0xA3, std::string("\x81\0\0", 3)),
        element(0xA3, std::string("\0\0\0\0\0", 5)), element(0xA0, ""),
        element(0xA0, element(0x9B, "\x01")), element(0xA0, element(0xA1, "")),
        element(0xA0, element(0xA1, std::string("\x81\0\0\0", 4)) +
                          element(0xA1, std::string("\x81\0\0\0", 4)))}) {
    const auto block = parseBlock(Bytes::copyOf(bytes));
    ASSERT_FALSE(block.ok());
    EXPECT_EQ(block.error().kind, ErrorKind::kDecode);
  }
}

TEST(RewriteBlock, ChangesTheSlabInPlace) {
  for (const bool group : {false, true}) {
    BlockSpec spec = group ? groupSpec() : BlockSpec();
    spec.track = 3;
    const std::string before = blockElement(spec);
    const Bytes slab = Bytes::copyOf("##" + before + "##");
    auto block = parseBlock(slab.sub(2, before.size()));
    ASSERT_TRUE(block.ok());
    rewriteBlock(&*block, 7, -300, kMilli);
    EXPECT_EQ(block->element.data(), slab.data() + 2);
    spec.track = 7;
    spec.offset = -300;
    EXPECT_EQ(slab.view(), "##" + blockElement(spec) + "##");
    EXPECT_EQ(block->track, 7U);
    EXPECT_EQ(block->relativeTime, -300);
    EXPECT_EQ(frameOf(*block), "frame");
  }
}

TEST(RewriteBlock, ABlockInPiecesIsChangedInPlaceToo) {
  BlockSpec spec;
  spec.payload = "0123456789012345678901234567890123456789";
  for (const uint64_t track : {uint64_t{7}, uint64_t{300}}) {
    const std::string before = blockElement(spec);
    auto block =
        parseBlock(Bytes::copyOf(before.substr(0, 30)),
                   {Bytes::copyOf(before.substr(30, 4)), Bytes::copyOf(before.substr(34))});
    ASSERT_TRUE(block.ok());
    EXPECT_EQ(block->bytes(), before.size());
    rewriteBlock(&*block, track, -300, kMilli);
    EXPECT_EQ(block->rest.size(), track < 127 ? 2U : 0U);
    BlockSpec expected = spec;
    expected.track = track;
    expected.offset = -300;
    EXPECT_EQ(joined(block->element, block->rest).view(), blockElement(expected));
  }
}

TEST(RewriteBlock, CopiesForATrackNumberOfAnotherLength) {
  const struct {
    uint64_t from;
    int fromBytes;
    uint64_t to;
  } cases[] = {{1, 1, 127}, {1, 1, 200}, {200, 2, 1}, {1, 4, 1}, {1, 8, 20'000}, {9, 1, 1 << 21}};
  for (const auto& c : cases) {
    for (const bool group : {false, true}) {
      BlockSpec spec = group ? groupSpec() : BlockSpec();
      spec.track = c.from;
      spec.trackBytes = c.fromBytes;
      const std::string before = blockElement(spec);
      const Bytes slab = Bytes::copyOf(before);
      auto block = parseBlock(slab);
      ASSERT_TRUE(block.ok());
      rewriteBlock(&*block, c.to, 44, kMilli);
      spec.track = c.to;
      spec.trackBytes = 0;
      spec.offset = 44;
      EXPECT_EQ(block->element.view(), blockElement(spec));
      EXPECT_EQ(slab.view(), before);
    }
  }
}

TEST(RewriteBlock, RescalesDurationsAndReferences) {
  BlockSpec spec = groupSpec();  // 40.0 ms, reference -40 units = -4 ms
  spec.groupExtra = element(0x75A1, "additions");
  auto block = parseBlock(Bytes::copyOf(blockElement(spec)));
  ASSERT_TRUE(block.ok());
  rewriteBlock(&*block, 1, 5, 100'000);
  const std::string inner = element(0xA1, std::string("\x81\x00\x05\x00", 4) + "frame");
  EXPECT_EQ(block->element.view(),
            element(0xA0, inner + element(0x9B, "\x28") + element(0xFB, "\xFC") +
                              element(0x75A1, "additions")));
}

TEST(RewriteBlock, DurationsThatNoTimeCanHoldBecomeZero) {
  for (const uint64_t duration : {UINT64_MAX, uint64_t{1} << 63, uint64_t{1} << 62}) {
    BlockSpec spec = groupSpec();
    spec.duration = duration;
    auto block = parseBlock(Bytes::copyOf(blockElement(spec)));
    ASSERT_TRUE(block.ok());
    rewriteBlock(&*block, 1, 5, 1'000'000'000);
    EXPECT_NE(block->element.view().find(element(0x9B, std::string(1, '\0'))), std::string::npos);
  }
}

TEST(RewriteBlock, AChecksumThatNoLongerHoldsGoesOut) {
  BlockSpec spec = groupSpec();
  spec.groupExtra = element(0xBF, "crc1");
  auto block = parseBlock(Bytes::copyOf(blockElement(spec)));
  ASSERT_TRUE(block.ok());
  rewriteBlock(&*block, 1, 5, kMilli);
  spec.groupExtra = "";
  spec.offset = 5;
  EXPECT_EQ(block->element.view(), blockElement(spec));
}

}  // namespace
}  // namespace kvsarchive::matroska
