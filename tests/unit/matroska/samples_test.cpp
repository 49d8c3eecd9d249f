// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "matroska_test_util.h"
#include "support/document_reader.h"

namespace kvsarchive::matroska {
namespace {

std::string dataFolder() {
  const char* given = std::getenv("KVSARCHIVE_SHARED_DATA");
  return given != nullptr ? given : SHARED_DATA_DIR;
}

/// Real answers of the service; see the README there.
class Samples : public testing::Test {
 protected:
  /// False, and the test is skipped, if there is no such file.
  bool load(const std::string& name) {
    std::ifstream file(dataFolder() + "/getmedia/" + name, std::ios::binary);
    text_.assign(std::istreambuf_iterator<char>(file), {});
    return !text_.empty();
  }

  std::string text_;
};

#define LOAD_OR_SKIP(name)                                 \
  if (!load(name)) {                                       \
    GTEST_SKIP() << name << " is not in " << dataFolder(); \
  }

TEST_F(Samples, OutputGetMedia) {
  LOAD_OR_SKIP("output_get_media.mkv");
  const Parsed parsed = parseText(text_);
  ASSERT_FALSE(parsed.error) << parsed.error->message;
  EXPECT_EQ(parsed.completeChunks(), 5U);
  EXPECT_EQ(parsed.blockCount(), 300U);
  const Spliced spliced = splice(parsed.chunks);
  ASSERT_FALSE(spliced.error) << spliced.error->message;
  const test::Document document = test::readDocument(spliced.document);
  EXPECT_EQ(document.problem, "");
  EXPECT_EQ(document.order, "ITCCCCC");
  ASSERT_EQ(document.blocks.size(), 300U);
  for (size_t i = 1; i < document.blocks.size(); ++i) {
    EXPECT_GT(document.blocks[i].millis, document.blocks[i - 1].millis) << i;
    EXPECT_LT(document.blocks[i].millis, document.blocks[i - 1].millis + 100) << i;
  }
}

TEST_F(Samples, MixedTags) {
  LOAD_OR_SKIP("test_mixed_tags.mkv");
  const Parsed parsed = parseText(text_);
  ASSERT_FALSE(parsed.error) << parsed.error->message;
  EXPECT_EQ(parsed.completeChunks(), 10U);
  EXPECT_EQ(parsed.blockCount(), 100U);
  for (const ParsedChunk& chunk : parsed.chunks) {
    EXPECT_EQ(chunk.header.tags.fragmentNumber.size(), 47U);
    EXPECT_TRUE(chunk.header.tags.producerTimestamp.has_value());
    EXPECT_FALSE(chunk.end->tags.producer.empty());
  }
  const Spliced spliced = splice(parsed.chunks);
  ASSERT_FALSE(spliced.error) << spliced.error->message;
  EXPECT_EQ(test::readDocument(spliced.document).problem, "");
  EXPECT_EQ(test::readDocument(spliced.document).blocks.size(), 100U);
}

TEST_F(Samples, ATruncatedLastChunkIsToldAfterAllThatIsComplete) {
  LOAD_OR_SKIP("output-get-media-non-increasing-timecode.mkv");
  const Parsed parsed = parseText(text_);
  ASSERT_TRUE(parsed.error.has_value());
  EXPECT_EQ(parsed.error->kind, ErrorKind::kRead);
  // The file ends within the 29th frame of the last of its 12 chunks.
  ASSERT_EQ(parsed.chunks.size(), 12U);
  EXPECT_EQ(parsed.completeChunks(), 11U);
  EXPECT_EQ(parsed.blockCount(), 358U);
  const Spliced spliced = splice(parsed.chunks);
  ASSERT_FALSE(spliced.error) << spliced.error->message;
  const test::Document document = test::readDocument(spliced.document);
  EXPECT_EQ(document.problem, "");
  EXPECT_EQ(document.blocks.size(), 358U);
}

TEST_F(Samples, ErrorChunk) {
  LOAD_OR_SKIP("error-chunk.mkv");
  const Parsed parsed = parseText(text_);
  ASSERT_FALSE(parsed.error) << parsed.error->message;
  ASSERT_EQ(parsed.completeChunks(), 1U);
  EXPECT_FALSE(parsed.chunks[0].end->hasMedia);
  EXPECT_EQ(parsed.chunks[0].end->tags.errorCode, "FRAGMENT_NOT_FOUND");
  EXPECT_EQ(parsed.chunks[0].end->tags.errorId, "3000");
  EXPECT_EQ(parsed.chunks[0].header.tags.fragmentNumber.size(), 47U);
}

TEST_F(Samples, PieceSizesDoNotMatter) {
  LOAD_OR_SKIP("test_mixed_tags.mkv");
  const std::string whole = parseText(text_).transcript();
  for (const size_t size : {1U, 7U, 100U, 4096U}) {
    std::vector<size_t> cuts;
    for (size_t cut = size; cut < text_.size(); cut += size) {
      cuts.push_back(cut);
    }
    EXPECT_TRUE(parsePieces(cutInSlabs(text_, cuts)).transcript() == whole) << size;
    EXPECT_TRUE(parsePieces(cutInOneSlab(text_, cuts)).transcript() == whole) << size;
  }
}

}  // namespace
}  // namespace kvsarchive::matroska
