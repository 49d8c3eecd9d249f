// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/chunk_parser.h"

#include <gtest/gtest.h>

#include "matroska_test_util.h"
#include "sample_chunks.h"

namespace kvsarchive::matroska {
namespace {

using test::buildChunk;
using test::ChunkSpec;
using test::element;
using test::SizeForm;

/// The only chunk of an input that must be readable.
ParsedChunk parseOne(const std::string& bytes) {
  const Parsed parsed = parseText(bytes);
  EXPECT_FALSE(parsed.error) << parsed.error->message;
  EXPECT_TRUE(parsed.inOrder);
  EXPECT_EQ(parsed.chunks.size(), 1U);
  EXPECT_EQ(parsed.completeChunks(), 1U);
  return parsed.chunks.size() == 1 && parsed.chunks[0].end ? parsed.chunks[0]
                                                           : ParsedChunk{{}, {}, ChunkEnd()};
}

ParsedChunk parseOne(const ChunkSpec& spec) { return parseOne(buildChunk(spec)); }

Error errorOf(const std::string& bytes) {
  const Parsed parsed = parseText(bytes);
  EXPECT_TRUE(parsed.error.has_value());
  EXPECT_EQ(parsed.completeChunks(), 0U);
  return parsed.error.value_or(Error());
}

ChunkSpec plain() { return test::simpleChunk("5", 1'772'359'200'000, 3); }

/// Up to the inside of a Cluster's first element, which is skipped and has 1000 bytes.
std::string openedChunk(const std::string& start) {
  ChunkSpec spec = plain();
  spec.clusters[0].blocks.clear();
  return buildChunk(spec) + test::lyingElement(0xEC, 1000) + start;
}

TEST(ChunkParser, ReadsAChunkOfTheSdks) {
  const ParsedChunk chunk = parseOne(sdkChunk());
  EXPECT_EQ(chunk.header.tags.fragmentNumber, "1001");
  EXPECT_EQ(chunk.header.tags.producerTimestamp, unixTimeFromMillis(1'772'359'200'000));
  EXPECT_TRUE(chunk.header.tags.producer.empty());
  ASSERT_EQ(chunk.header.tracks.size(), 2U);
  EXPECT_EQ(chunk.header.tracks[0].codecId, "V_MPEG4/ISO/AVC");
  EXPECT_EQ(ticksOf(chunk), "0 40 80 -10");
  EXPECT_EQ(frameOf(chunk.blocks[3].block), "sound");
  EXPECT_TRUE(chunk.end->hasMedia);
  ASSERT_EQ(chunk.end->tags.producer.size(), 1U);
  EXPECT_EQ(chunk.end->tags.producer[0].value, "north");
}

TEST(ChunkParser, ReadsAChunkOfAFile) {
  const ParsedChunk chunk = parseOne(fileChunk());
  EXPECT_EQ(chunk.header.timecodeScale, 100'000U);
  EXPECT_EQ(ticksOf(chunk), "0 40 800 840");
  EXPECT_TRUE(chunk.blocks[0].block.simple);
  EXPECT_FALSE(chunk.blocks[1].block.simple);
  EXPECT_TRUE(chunk.blocks[0].block.key);
  EXPECT_FALSE(chunk.blocks[1].block.key);
  ASSERT_EQ(chunk.header.tags.producer.size(), 1U);
  EXPECT_EQ(chunk.header.tags.producer[0].name, "lens");
}

TEST(ChunkParser, ReadsEverySizeFormAndLength) {
  for (const SizeForm cluster : {SizeForm::kKnown, SizeForm::kUnknown1, SizeForm::kUnknown8}) {
    for (const SizeForm segment : {SizeForm::kKnown, SizeForm::kUnknown1, SizeForm::kUnknown8}) {
      for (const int sizeBytes : {0, 2, 3, 4, 5, 6, 7, 8}) {
        ChunkSpec spec = plain();
        spec.clusters[0].size = cluster;
        spec.segmentSize = segment;
        spec.sizeBytes = sizeBytes;
        spec.clusters[0].blocks[1].sizeBytes = sizeBytes;
        EXPECT_EQ(ticksOf(parseOne(spec)), "0 40 80");
      }
    }
  }
}

TEST(ChunkParser, ReadsBothFamiliesOfTags) {
  ChunkSpec spec = plain();
  spec.names = test::TagNames::kDocumented;
  const ParsedChunk chunk = parseOne(spec);
  EXPECT_EQ(chunk.header.tags.producerTimestamp, unixTimeFromMillis(1'772'359'200'000));
  EXPECT_EQ(chunk.header.tags.serverTimestamp, unixTimeFromMillis(1'772'359'205'250));
}

TEST(ChunkParser, TellsTagsBeforeTheMediaInTheHeaderAndAllAtTheEnd) {
  ChunkSpec spec = plain();
  spec.beforeInfo = test::tagsElement({{"a", "1"}});
  spec.beforeCluster = test::tagsElement({{"b", "2"}});
  spec.afterClusters = test::tagsElement({{"c", "3"}}) + test::tagsElement({{"a", "4"}});
  const ParsedChunk chunk = parseOne(spec);
  ASSERT_EQ(chunk.header.tags.producer.size(), 2U);
  EXPECT_EQ(chunk.header.tags.producer[0].value, "1");
  ASSERT_EQ(chunk.end->tags.producer.size(), 3U);
  EXPECT_EQ(chunk.end->tags.producer[0].value, "4");
  EXPECT_EQ(chunk.end->tags.producer[2].value, "3");
}

TEST(ChunkParser, HoldsBlocksUntilTheTimecodeComes) {
  for (size_t position = 0; position <= 3; ++position) {
    ChunkSpec spec = plain();
    spec.clusters[0].timecode = 7000;
    spec.clusters[0].timecodeAt = position;
    EXPECT_EQ(ticksOf(parseOne(spec)), "0 40 80") << position;
  }
}

TEST(ChunkParser, RefusesBlocksWithoutATimecode) {
  for (const SizeForm size : {SizeForm::kKnown, SizeForm::kUnknown8}) {
    ChunkSpec spec = plain();
    spec.clusters[0].timecode.reset();
    spec.clusters[0].size = size;
    EXPECT_EQ(errorOf(buildChunk(spec)).kind, ErrorKind::kDecode);
    EXPECT_EQ(errorOf(buildChunk(spec) + buildChunk(plain())).kind, ErrorKind::kDecode);
  }
}

TEST(ChunkParser, CountsFromTheFirstClusterOfAChunk) {
  ChunkSpec spec = plain();
  spec.clusters.push_back(spec.clusters[0]);
  spec.clusters.push_back(spec.clusters[0]);
  spec.clusters[0].timecode = 5000;
  spec.clusters[1].timecode = 4000;
  spec.clusters[2].timecode = uint64_t{1} << 40;
  EXPECT_EQ(ticksOf(parseOne(spec)),
            "0 40 80 -1000 -960 -920 1099511622776 1099511622816 1099511622856");
  EXPECT_EQ(ticksOf(parseText(buildChunk(spec) + buildChunk(plain())).chunks[1]), "0 40 80");
}

TEST(ChunkParser, TheFirstTimecodeOfAClusterCounts) {
  ChunkSpec spec = plain();
  spec.clusters[0].leading = test::unsignedElement(0xE7, 100);
  spec.clusters[0].timecode = 900;
  spec.clusters.push_back(plain().clusters[0]);
  spec.clusters[1].timecode = 150;
  EXPECT_EQ(ticksOf(parseOne(spec)), "0 40 80 50 90 130");
}

TEST(ChunkParser, AClusterWithoutBlocksIsMedia) {
  ChunkSpec spec = plain();
  spec.clusters[0].blocks.clear();
  for (const bool timecode : {true, false}) {
    spec.clusters[0].timecode = timecode ? std::optional<uint64_t>(0) : std::nullopt;
    const ParsedChunk chunk = parseOne(spec);
    EXPECT_TRUE(chunk.blocks.empty());
    EXPECT_TRUE(chunk.end->hasMedia);
  }
}

TEST(ChunkParser, AChunkWithoutAClusterHasNoMedia) {
  ChunkSpec spec = plain();
  spec.clusters.clear();
  const ParsedChunk chunk = parseOne(spec);
  EXPECT_FALSE(chunk.end->hasMedia);
  EXPECT_EQ(chunk.end->tags.fragmentNumber, "5");
}

TEST(ChunkParser, ReadsErrorChunksOfBothFamilies) {
  const Parsed parsed =
      parseText(test::wireErrorChunk("7", "3000", "FRAGMENT_NOT_FOUND") +
                test::documentedErrorChunk("8", "4500", "no access") + buildChunk(plain()));
  ASSERT_FALSE(parsed.error) << parsed.error->message;
  ASSERT_EQ(parsed.completeChunks(), 3U);
  EXPECT_EQ(parsed.chunks[0].end->tags.errorId, "3000");
  EXPECT_FALSE(parsed.chunks[0].end->hasMedia);
  EXPECT_TRUE(parsed.chunks[0].header.tracks.empty());
  EXPECT_EQ(parsed.chunks[1].end->tags.errorMessage, "no access");
  EXPECT_EQ(parsed.chunks[1].header.tags.fragmentNumber, "8");
  EXPECT_FALSE(parsed.chunks[2].end->tags.hasError());
  EXPECT_EQ(parsed.chunks[2].blocks.size(), 3U);
}

TEST(ChunkParser, WithoutInfoTimesAreMilliseconds) {
  ChunkSpec spec = plain();
  spec.timecodeScale = 0;
  EXPECT_EQ(parseOne(spec).header.timecodeScale, 1'000'000U);
}

TEST(ChunkParser, TheScaleOfOneChunkIsNotTheNextOnes) {
  const Parsed parsed = parseText(buildChunk(fileChunk()) + buildChunk(plain()));
  ASSERT_EQ(parsed.chunks.size(), 2U);
  EXPECT_EQ(parsed.chunks[1].header.timecodeScale, 1'000'000U);
  EXPECT_TRUE(parsed.chunks[1].end->tags.producer.empty());
}

TEST(ChunkParser, InfoAndTracksBehindTheMediaChangeNothing) {
  ChunkSpec spec = plain();
  spec.afterClusters = element(0x1549A966, test::unsignedElement(0x2AD7B1, 0)) +
                       test::tracksElement({test::audioTrack(0)}) +
                       test::tracksElement({test::audioTrack(9)});
  const ParsedChunk chunk = parseOne(spec);
  EXPECT_EQ(chunk.header.timecodeScale, 1'000'000U);
  EXPECT_EQ(chunk.header.tracks[0].number, 1U);
  EXPECT_EQ(chunk.blocks.size(), 3U);
}

TEST(ChunkParser, SkipsWhatItDoesNotKnow) {
  ChunkSpec spec = plain();
  const std::string unknown =
      element(0x1043A770, std::string(5000, 'c')) + element(0x4DBB, "x") + element(0xEC, "");
  spec.beforeInfo = unknown;
  spec.beforeCluster = unknown;
  spec.clusters[0].leading = element(0xEC, "v") + element(0xAB, "p") + element(0x5854, "silent");
  spec.afterClusters = unknown;
  EXPECT_EQ(ticksOf(parseOne(spec)), "0 40 80");
}

TEST(ChunkParser, RefusesWhatNoClusterHas) {
  // Passed over, it would take frames with it where its id and size are damaged bytes.
  for (const uint32_t id : {0x81U, 0x4DBBU, 0xAEU, 0x45A3U, 0xAFU /* EncryptedBlock */}) {
    ChunkSpec spec = plain();
    spec.clusters[0].leading = element(id, "x");
    const Parsed parsed = parseText(buildChunk(spec));
    ASSERT_TRUE(parsed.error.has_value()) << id;
    EXPECT_EQ(parsed.error->kind, ErrorKind::kDecode);
    EXPECT_NE(parsed.error->message.find("an unknown element in a Cluster"), std::string::npos);
  }
}

TEST(ChunkParser, RefusesFramesOutsideOfAClusterForItsSizeIsDamagedThen) {
  const std::string block = test::blockElement(test::BlockSpec());
  for (const std::string& frames : {block, element(0xA0, block), element(0xE7, "t")}) {
    ChunkSpec spec = plain();
    spec.afterClusters = frames;
    spec.clusters[0].size = test::SizeForm::kKnown;
    const Parsed parsed = parseText(buildChunk(spec));
    ASSERT_TRUE(parsed.error.has_value());
    EXPECT_EQ(parsed.error->kind, ErrorKind::kDecode);
    EXPECT_EQ(parsed.blockCount(), 3U);
  }
}

TEST(ChunkParser, RefusesNumbersInAClusterThatAreTooLong) {
  // A SimpleBlock, 0xA3, is a Position, 0xA7, by one bit.
  for (const uint32_t id : {0xA7U, 0xABU}) {
    for (const size_t size : {8U, 9U, 5000U}) {
      ChunkSpec spec = plain();
      spec.clusters[0].leading = element(id, std::string(size, 'x'));
      EXPECT_EQ(parseText(buildChunk(spec)).error.has_value(), size > 8) << id << " " << size;
    }
  }
}

TEST(ChunkParser, RefusesBlocksOfATrackThatIsNotListed) {
  ChunkSpec spec = plain();
  spec.clusters[0].blocks[1].track = 9;
  const Parsed parsed = parseText(buildChunk(spec));
  ASSERT_TRUE(parsed.error.has_value());
  EXPECT_NE(parsed.error->message.find("a block of a track that is not in Tracks"),
            std::string::npos);
}

TEST(ChunkParser, AnEmptyInputHasNoChunks) {
  const Parsed parsed = parseText("");
  EXPECT_FALSE(parsed.error);
  EXPECT_TRUE(parsed.chunks.empty());
}

TEST(ChunkParser, WithoutAnEndItWaits) {
  ChunkParser parser;
  const std::string bytes = buildChunk(plain());
  parser.append(Bytes::copyOf(bytes));
  int events = 0;
  for (auto event = parser.next(); event && event->has_value(); event = parser.next()) {
    ++events;
  }
  EXPECT_EQ(events, 4);  // the end is not told: tags may still follow
  ASSERT_TRUE(parser.next().ok());
  parser.finish();
  const auto end = parser.next();
  ASSERT_TRUE(end.ok() && end->has_value());
  EXPECT_TRUE(std::holds_alternative<ChunkEnd>(**end));
  EXPECT_FALSE(parser.next()->has_value());
}

TEST(ChunkParser, StaysInError) {
  ChunkParser parser;
  parser.append(Bytes::copyOf("no Matroska at all"));
  ASSERT_FALSE(parser.next().ok());
  parser.append(Bytes::copyOf(buildChunk(plain())));
  EXPECT_FALSE(parser.next().ok());
}

TEST(ChunkParser, RefusesWhatIsNoChunk) {
  const std::string good = buildChunk(plain());
  const std::string ebml = element(0x1A45DFA3, element(0x4282, "matroska"));
  const struct {
    const char* what;
    std::string bytes;
  } cases[] = {
      {"JSON", "{\"Message\":\"no\"}"},
      {"junk", "\x01\x02\x03\x04"},
      {"no EBML header", good.substr(ebml.size())},
      {"no Segment", ebml + good},
      {"EBML header without a size", test::openElement(0x1A45DFA3, 1) + good},
      {"Cluster without Tracks", ebml + test::openElement(0x18538067) +
                                     test::openElement(0x1F43B675) +
                                     test::unsignedElement(0xE7, 0)},
      {"Segment in a Segment",
       ebml + test::openElement(0x18538067) + test::openElement(0x18538067)},
      {"Info without a size", ebml + test::openElement(0x18538067) + test::openElement(0x1549A966)},
      {"Cues without a size", ebml + test::openElement(0x18538067) + test::openElement(0x1C53BB6B)},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(errorOf(c.bytes).kind, ErrorKind::kDecode) << c.what;
  }
}

TEST(ChunkParser, RefusesElementsThatLeaveTheirCluster) {
  ChunkSpec spec = plain();
  spec.clusters[0].size = SizeForm::kKnown;
  for (const std::string& bad :
       {test::lyingElement(0xA3, 1000), test::lyingElement(0xEC, (uint64_t{1} << 56) - 2),
        test::openElement(0xA3, 1), test::openElement(0xEC, 8)}) {
    spec.clusters[0].leading = bad;
    EXPECT_EQ(errorOf(buildChunk(spec)).kind, ErrorKind::kDecode);
  }
  spec.clusters[0].leading = element(0x1A45DFA3, "");
  EXPECT_NE(errorOf(buildChunk(spec)).message.find("not complete"), std::string::npos);
}

TEST(ChunkParser, AChunkCutShortBeforeTheNextIsAnError) {
  ChunkSpec spec = plain();
  spec.clusters[0].size = SizeForm::kKnown;
  const std::string bytes = buildChunk(spec);
  const size_t lastBlock = test::blockElement(spec.clusters[0].blocks[2]).size();
  const Parsed parsed = parseText(bytes.substr(0, bytes.size() - lastBlock) + bytes);
  EXPECT_TRUE(parsed.error.has_value());
  EXPECT_EQ(parsed.completeChunks(), 0U);
}

/// A chunk of one block, and where the block begins in it.
std::string oneBlock(const test::BlockSpec& block, size_t* begin) {
  ChunkSpec spec = plain();
  spec.clusters[0].blocks = {block};
  std::string text = buildChunk(spec);
  *begin = text.find(test::blockElement(block));
  return text;
}

TEST(ChunkParser, ALargeBlockThatCrossesSlabsStaysInPieces) {
  test::BlockSpec spec;
  for (int i = 0; i < 100'000; ++i) {
    spec.payload += static_cast<char>(i * 31 % 251);
  }
  size_t begin = 0;
  const std::string text = oneBlock(spec, &begin);
  const std::string element = test::blockElement(spec);
  for (const size_t cut : {size_t{1}, size_t{5}, kMaxBlockHead - 1, kMaxBlockHead, size_t{50'000},
                           element.size() - 1}) {
    const std::vector<Bytes> pieces = cutInSlabs(text, {begin + cut, begin + cut + 1});
    const Parsed parsed = parsePieces(pieces);
    ASSERT_EQ(parsed.blockCount(), 1U) << cut;
    const Block& block = parsed.chunks[0].blocks[0].block;
    ASSERT_FALSE(block.rest.empty()) << cut;
    EXPECT_GE(block.element.size(), std::min(cut, kMaxBlockHead)) << cut;
    EXPECT_EQ(block.element.slab() == pieces[0].slab(), cut >= kMaxBlockHead) << cut;
    EXPECT_EQ(block.bytes(), element.size());
    EXPECT_EQ(joined(block.element, block.rest).view(), element) << cut;
    EXPECT_EQ(frameOf(block), spec.payload) << cut;
  }
}

TEST(ChunkParser, OtherBlocksThatCrossSlabsAreOnePiece) {
  test::BlockSpec large;
  large.payload.assign(100'000, 'x');
  test::BlockSpec small;
  small.payload.assign(60'000, 'x');
  test::BlockSpec group = large;
  group.group = true;
  struct Case {
    test::BlockSpec spec;
    size_t step;  ///< bytes of a slab
    size_t rest;
  };
  for (const Case& c : {Case{large, 8'000, 13}, Case{large, 7'200, 14}, Case{large, 6'000, 0},
                        Case{small, 30'000, 0}, Case{group, 50'000, 0}}) {
    size_t begin = 0;
    const std::string text = oneBlock(c.spec, &begin);
    std::vector<size_t> cuts;
    for (size_t cut = begin + 100; cut < text.size(); cut += c.step) {
      cuts.push_back(cut);
    }
    const Parsed parsed = parsePieces(cutInSlabs(text, cuts));
    ASSERT_EQ(parsed.blockCount(), 1U);
    const Block& block = parsed.chunks[0].blocks[0].block;
    EXPECT_EQ(block.rest.size(), c.rest) << c.step;
    EXPECT_EQ(joined(block.element, block.rest).view(), test::blockElement(c.spec)) << c.step;
  }
}

TEST(ChunkParser, KeepsBlocksAsViewsOfTheInput) {
  const std::string text = buildChunk(plain());
  const Bytes whole = Bytes::copyOf(text);
  const Parsed parsed = parsePieces({whole});
  ASSERT_EQ(parsed.blockCount(), 3U);
  for (const ChunkBlock& block : parsed.chunks[0].blocks) {
    EXPECT_EQ(block.block.element.slab(), whole.slab());
  }
}

TEST(ChunkParser, TellsTheSizeOfEachChunk) {
  const std::vector<std::string> chunks = {buildChunk(sdkChunk()),
                                           test::wireErrorChunk("77", "3000", "FRAGMENT_NOT_FOUND"),
                                           buildChunk(fileChunk())};
  const std::string input = chunks[0] + chunks[1] + chunks[2];
  for (const size_t pieceBytes : {size_t{1}, size_t{7}, input.size()}) {
    std::vector<size_t> cuts;
    for (size_t cut = pieceBytes; cut < input.size(); cut += pieceBytes) {
      cuts.push_back(cut);
    }
    const Parsed parsed = parsePieces(cutInSlabs(input, cuts));
    ASSERT_EQ(parsed.completeChunks(), chunks.size());
    for (size_t i = 0; i < chunks.size(); ++i) {
      EXPECT_EQ(parsed.chunks[i].end->bytes, chunks[i].size()) << i;
    }
  }
}

TEST(ChunkParser, TellsWhatItHolds) {
  ChunkSpec spec = test::simpleChunk("5", 1'772'359'200'000, 0);
  spec.clusters[0].timecode.reset();
  ChunkParser parser;
  const auto heldAfter = [&parser](const std::string& more) {
    parser.append(Bytes::copyOf(more));
    for (auto event = parser.next(); event && event->has_value(); event = parser.next()) {
    }
    return parser.heldBytes();
  };
  EXPECT_EQ(heldAfter(buildChunk(spec)), 0U);
  const std::string block = test::blockElement(test::BlockSpec());
  EXPECT_EQ(heldAfter(block.substr(0, 5)), 5U);
  EXPECT_GE(heldAfter(block.substr(5)), block.size());  // it waits for the Timecode
  EXPECT_EQ(heldAfter(test::unsignedElement(0xE7, 0)), 0U);
}

TEST(ChunkParser, TellsHowMuchOfAChunkIsParsed) {
  const std::string second = openedChunk(std::string(100, 'v'));
  ChunkParser parser;
  EXPECT_EQ(parser.chunkBytes(), 0U);
  const auto parsedAfter = [&parser](const std::string& more) {
    parser.append(Bytes::copyOf(more));
    for (auto event = parser.next(); event && event->has_value(); event = parser.next()) {
    }
    return parser.chunkBytes();
  };
  EXPECT_EQ(parsedAfter(buildChunk(fileChunk()) + second), second.size());
  // A skipped element counts as it comes, one that is read when it is whole.
  EXPECT_EQ(parsedAfter(std::string(50, 'v')), second.size() + 50);
  const std::string block = test::blockElement(test::BlockSpec());
  EXPECT_EQ(parsedAfter(std::string(850, 'v') + block.substr(0, 5)), second.size() + 900);
  const uint64_t whole = second.size() + 900 + block.size();
  EXPECT_EQ(parsedAfter(block.substr(5)), whole);
  parser.finish();
  const auto end = parser.next();
  ASSERT_TRUE(end.ok() && end->has_value());
  EXPECT_EQ(std::get<ChunkEnd>(**end).bytes, whole);
  EXPECT_EQ(parser.chunkBytes(), 0U);
}

}  // namespace
}  // namespace kvsarchive::matroska
