// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "matroska_test_util.h"
#include "sample_chunks.h"

namespace kvsarchive::matroska {
namespace {

class ChunkParserSplit : public testing::Test {
 protected:
  void SetUp() override {
    const Parsed whole = parseText(input_);
    ASSERT_FALSE(whole.error) << whole.error->message;
    ASSERT_EQ(whole.completeChunks(), 3U);
    ASSERT_EQ(whole.blockCount(), 8U);
    expected_ = whole.transcript();
  }

  void expectSame(const std::vector<size_t>& cuts) {
    ASSERT_EQ(parsePieces(cutInOneSlab(input_, cuts)).transcript(), expected_);
    ASSERT_EQ(parsePieces(cutInSlabs(input_, cuts)).transcript(), expected_);
  }

  const std::string input_ = sampleInput();
  std::string expected_;
};

TEST_F(ChunkParserSplit, SingleBytes) {
  std::vector<size_t> cuts;
  for (size_t cut = 1; cut < input_.size(); ++cut) {
    cuts.push_back(cut);
  }
  expectSame(cuts);
}

TEST_F(ChunkParserSplit, EveryCutInTwo) {
  for (size_t cut = 0; cut <= input_.size(); ++cut) {
    ASSERT_NO_FATAL_FAILURE(expectSame({cut})) << cut;
  }
}

TEST_F(ChunkParserSplit, EveryPieceSize) {
  for (size_t size = 2; size < 64; ++size) {
    std::vector<size_t> cuts;
    for (size_t cut = size; cut < input_.size(); cut += size) {
      cuts.push_back(cut);
    }
    ASSERT_NO_FATAL_FAILURE(expectSame(cuts)) << size;
  }
}

TEST_F(ChunkParserSplit, RandomCuts) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    std::set<size_t> cuts;
    for (size_t count = random() % 20; count > 0; --count) {
      cuts.insert(random() % (input_.size() + 1));
    }
    ASSERT_NO_FATAL_FAILURE(expectSame({cuts.begin(), cuts.end()})) << round;
  }
}

TEST_F(ChunkParserSplit, NeighboursOfSomePiecesOnly) {
  std::mt19937 random(2);
  for (int round = 0; round < 200; ++round) {
    std::vector<Bytes> pieces;
    for (const Bytes& slab : cutInSlabs(input_, {input_.size() / 3, input_.size() / 2})) {
      size_t start = 0;
      while (start < slab.size()) {
        const size_t size = std::min<size_t>(1 + random() % 40, slab.size() - start);
        pieces.push_back(slab.sub(start, size));
        start += size;
      }
    }
    ASSERT_EQ(parsePieces(pieces).transcript(), expected_) << round;
  }
}

/// Where chunks end, so that the input may end there.
std::set<size_t> chunkEnds(const std::vector<std::string>& chunks) {
  std::set<size_t> ends = {0};
  size_t end = 0;
  for (const std::string& chunk : chunks) {
    end += chunk.size();
    ends.insert(end);
  }
  return ends;
}

TEST(ChunkParserPrefix, EveryCutOfKnownSizesIsAnErrorInsideTheMedia) {
  test::ChunkSpec first = fileChunk();
  first.afterClusters = "";
  const std::vector<std::string> chunks = {test::buildChunk(first), test::buildChunk(first)};
  const std::string input = chunks[0] + chunks[1];
  const std::set<size_t> ends = chunkEnds(chunks);
  const size_t clusters = chunks[0].find("\x1F\x43\xB6\x75");
  for (size_t length = 0; length <= input.size(); ++length) {
    const Parsed parsed = parseText(input.substr(0, length));
    const size_t wholeChunks = length / chunks[0].size();
    const size_t inChunk = length % chunks[0].size();
    ASSERT_TRUE(parsed.inOrder) << length;
    if (ends.count(length) != 0) {
      ASSERT_FALSE(parsed.error) << length;
      ASSERT_EQ(parsed.completeChunks(), wholeChunks) << length;
    } else if (parsed.error) {
      ASSERT_EQ(parsed.error->kind, ErrorKind::kRead) << length << parsed.error->message;
      // A chunk is complete once an EBML header was seen behind it.
      ASSERT_EQ(parsed.completeChunks(), inChunk < 5 ? 0 : wholeChunks) << length;
    } else {
      // Between elements an end can't be told from the end of a chunk, but no frames are lost
      // inside of a Cluster of known size.
      const ParsedChunk& last = parsed.chunks.back();
      ASSERT_TRUE(last.blocks.empty() || last.blocks.size() % 2 == 0) << length;
      ASSERT_EQ(last.end->hasMedia, inChunk > clusters) << length;
    }
  }
}

TEST(ChunkParserPrefix, NoCutOfUnknownSizesGivesHalfABlock) {
  const std::string chunk = test::buildChunk(sdkChunk());
  const Parsed whole = parseText(chunk);
  ASSERT_EQ(whole.blockCount(), 4U);
  size_t accepted = 0;
  for (size_t length = 1; length < chunk.size(); ++length) {
    const Parsed parsed = parseText(chunk.substr(0, length));
    ASSERT_TRUE(parsed.inOrder) << length;
    ASSERT_LE(parsed.blockCount(), 4U);
    accepted += parsed.error ? 0 : 1;
    for (size_t i = 0; i < parsed.blockCount(); ++i) {
      ASSERT_EQ(parsed.chunks[0].blocks[i].block.element.view(),
                whole.chunks[0].blocks[i].block.element.view());
    }
  }
  // Segment, Info, Tracks, Tags, Cluster, Timecode and the blocks: only behind each of these.
  EXPECT_EQ(accepted, 10U);
}

TEST(ChunkParserPrefix, EveryCutOfAnErrorChunkIsAnErrorOrHasNoMedia) {
  const std::string chunk = test::documentedErrorChunk("7", "3000", "gone");
  for (size_t length = 1; length < chunk.size(); ++length) {
    const Parsed parsed = parseText(chunk.substr(0, length));
    ASSERT_TRUE(parsed.error || !parsed.chunks[0].end->hasMedia) << length;
    ASSERT_TRUE(parsed.error || parsed.chunks[0].end->tags.fragmentNumber.empty()) << length;
  }
}

}  // namespace
}  // namespace kvsarchive::matroska
