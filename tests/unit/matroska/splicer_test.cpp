// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/splicer.h"

#include <gtest/gtest.h>

#include "matroska_test_util.h"
#include "sample_chunks.h"
#include "support/document_reader.h"

namespace kvsarchive::matroska {
namespace {

using test::buildChunk;
using test::ChunkSpec;
using test::Document;
using test::readDocument;
using test::simpleChunk;

constexpr int64_t kBegin = 1'772'359'200'000;

/// A fragment of two frames at 0 and 40 ms, `start` ms behind kBegin.
ChunkSpec pairAt(int64_t start) {
  return simpleChunk(std::to_string(kBegin + start), kBegin + start, 2);
}

/// One fragment whose blocks are at these offsets.
ChunkSpec offsetsAt(int64_t start, const std::vector<int>& offsets) {
  ChunkSpec chunk = pairAt(start);
  chunk.clusters[0].blocks.clear();
  for (const int offset : offsets) {
    test::BlockSpec block;
    block.offset = static_cast<int16_t>(offset);
    block.key = chunk.clusters[0].blocks.empty();
    chunk.clusters[0].blocks.push_back(block);
  }
  return chunk;
}

std::string join(const std::vector<ChunkSpec>& chunks) {
  std::string text;
  for (const ChunkSpec& chunk : chunks) {
    text += buildChunk(chunk);
  }
  return text;
}

Document documentOf(const std::vector<ChunkSpec>& chunks,
                    OnTrackChange onTrackChange = OnTrackChange::kError) {
  const Spliced spliced = spliceText(join(chunks), onTrackChange);
  EXPECT_FALSE(spliced.error) << spliced.error->message;
  Document document = readDocument(spliced.document);
  EXPECT_EQ(document.problem, "");
  return document;
}

TEST(Splicer, WritesOneHeaderAndAClusterPerFragment) {
  const Document document = documentOf({pairAt(0), pairAt(2000), pairAt(4000)});
  EXPECT_EQ(document.docType, "matroska");
  EXPECT_EQ(document.maxIdLength, 4U);
  EXPECT_EQ(document.maxSizeLength, 8U);
  EXPECT_EQ(document.timecodeScale, 1'000'000U);
  EXPECT_EQ(document.order, "ITCCC");
  EXPECT_EQ(document.clusterTimes, (std::vector<uint64_t>{0, 2000, 4000}));
  EXPECT_EQ(document.times(), "0:1 40:1 2000:1 2040:1 4000:1 4040:1");
}

TEST(Splicer, KeepsFramesFlagsAndOrder) {
  const Document document = documentOf({pairAt(0), pairAt(2000)});
  ASSERT_EQ(document.blocks.size(), 4U);
  EXPECT_TRUE(document.blocks[2].key);
  EXPECT_FALSE(document.blocks[3].key);
  EXPECT_EQ(document.blocks[3].payload, "frame 1 of " + std::to_string(kBegin + 2000));
}

TEST(Splicer, TimecodesOfTheProducerDoNotMatter) {
  for (const uint64_t timecode : {uint64_t{0}, uint64_t{77}, uint64_t{1'772'359'200'000}}) {
    std::vector<ChunkSpec> chunks = {pairAt(0), pairAt(2000)};
    chunks[0].clusters[0].timecode = timecode;
    EXPECT_EQ(documentOf(chunks).times(), "0:1 40:1 2000:1 2040:1") << timecode;
  }
}

TEST(Splicer, TheOriginIsTheEarliestBlockOfTheFirstFragment) {
  const std::vector<ChunkSpec> chunks = {offsetsAt(0, {0, -80, -40, 40}), pairAt(2000)};
  EXPECT_EQ(documentOf(chunks).times(), "80:1 0:1 40:1 120:1 2080:1 2120:1");
  EXPECT_EQ(toMillis(spliceText(join(chunks)).origin), kBegin - 80);
  EXPECT_EQ(documentOf({offsetsAt(0, {500, 540}), pairAt(2000)}).times(), "0:1 40:1 1500:1 1540:1");
}

TEST(Splicer, FramesOutOfOrderGoBackInTheirCluster) {
  const Document document = documentOf({pairAt(0), offsetsAt(2000, {0, 120, 40, -40, 80})});
  EXPECT_EQ(document.times(), "0:1 40:1 2000:1 2120:1 2040:1 1960:1 2080:1");
  EXPECT_EQ(document.order, "ITCC");
}

TEST(Splicer, TellsWallClockAndPresentationTimeOfEachBlock) {
  const Spliced spliced = spliceText(join({offsetsAt(0, {0, -40}), pairAt(2000)}));
  ASSERT_EQ(spliced.blocks.size(), 4U);
  EXPECT_EQ(toMillis(spliced.blocks[1].time), kBegin - 40);
  EXPECT_EQ(spliced.blocks[1].pts.count(), 0);
  EXPECT_EQ(toMillis(spliced.blocks[3].time), kBegin + 2040);
  EXPECT_EQ(spliced.blocks[3].pts.count(), 2080);
}

TEST(Splicer, OpensAnotherClusterWhereOffsetsLeave16Bits) {
  ChunkSpec chunk = pairAt(0);
  const int64_t times[] = {0, 32'767, 32'768, 60'000, 32'800, 0};
  chunk.clusters.clear();
  for (const int64_t time : times) {
    test::ClusterSpec cluster;
    cluster.timecode = static_cast<uint64_t>(time);
    cluster.blocks = {test::BlockSpec()};
    chunk.clusters.push_back(cluster);
  }
  const Document document = documentOf({chunk});
  EXPECT_EQ(document.times(), "0:1 32767:1 32768:1 60000:1 32800:1 0:1");
  EXPECT_EQ(document.clusterTimes, (std::vector<uint64_t>{0, 32'768}));
}

TEST(Splicer, BlocksFarFromTheirFragmentAreDamage) {
  ChunkSpec chunk = pairAt(0);
  chunk.clusters.push_back(chunk.clusters[0]);
  const auto reaches = [&](uint64_t timecode, std::chrono::milliseconds length) {
    chunk.clusters[1].timecode = timecode;
    const ParsedChunk parsed = parseText(buildChunk(chunk)).chunks.at(0);
    const FragmentTime time{unixTimeFromMillis(kBegin), std::chrono::milliseconds(0), length};
    Splicer splicer(parsed.header, time, OnTrackChange::kError);
    EXPECT_TRUE(splicer.beginFragment(parsed.header, time).ok());
    bool all = true;
    for (const ChunkBlock& block : parsed.blocks) {
      all = splicer.splice(ChunkBlock(block)).ok() && all;
    }
    return all;
  };
  EXPECT_TRUE(reaches(59'960, std::chrono::milliseconds(0)));
  EXPECT_FALSE(reaches(59'961, std::chrono::milliseconds(0)));
  EXPECT_TRUE(reaches(79'960, std::chrono::seconds(20)));
  EXPECT_FALSE(reaches(79'961, std::chrono::seconds(20)));
}

TEST(Splicer, OffsetsMayReachTheLowest16BitNumber) {
  ChunkSpec chunk = pairAt(0);
  chunk.clusters.clear();
  for (const uint64_t time : {0, 40'000, 7232, 7231}) {
    test::ClusterSpec cluster;
    cluster.timecode = time;
    cluster.blocks = {test::BlockSpec()};
    chunk.clusters.push_back(cluster);
  }
  const Document document = documentOf({chunk});
  EXPECT_EQ(document.times(), "0:1 40000:1 7232:1 7231:1");
  EXPECT_EQ(document.clusterTimes, (std::vector<uint64_t>{0, 40'000, 7231}));
}

TEST(Splicer, JoinsSeveralClustersOfOneFragment) {
  ChunkSpec chunk = pairAt(0);
  chunk.clusters.push_back(chunk.clusters[0]);
  chunk.clusters[1].timecode = 1000;
  const Document document = documentOf({chunk, pairAt(2000)});
  EXPECT_EQ(document.times(), "0:1 40:1 1000:1 1040:1 2000:1 2040:1");
  EXPECT_EQ(document.clusterTimes, (std::vector<uint64_t>{0, 2000}));
}

TEST(Splicer, RescalesTenthsOfMilliseconds) {
  ChunkSpec tenths = fileChunk();  // 0, 4, 80, 84 ms; groups of 40 ms at 4 and 84
  const Document document = documentOf({pairAt(0), tenths});
  EXPECT_EQ(document.times(), "0:1 40:1 2000:1 2004:1 2080:1 2084:1");
  EXPECT_EQ(document.blocks[3].duration, 40U);
  EXPECT_FALSE(document.blocks[3].simple);
  EXPECT_FALSE(document.blocks[3].key);
  EXPECT_EQ(document.blocks[3].payload, "frame 1 of 1002");
  EXPECT_EQ(document.timecodeScale, 1'000'000U);
}

TEST(Splicer, TracksComeAgainOnlyWhenParametersChange) {
  std::vector<ChunkSpec> chunks = {pairAt(0), pairAt(2000), pairAt(4000), pairAt(6000)};
  chunks[2].tracks[0].codecPrivate = "1080p";
  chunks[3].tracks[0].codecPrivate = "1080p";
  const Document document = documentOf(chunks);
  EXPECT_EQ(document.order, "ITCCTCC");
  EXPECT_EQ(document.tracks[0][0].codecPrivate, "private");
  EXPECT_EQ(document.tracks[1][0].codecPrivate, "1080p");
  EXPECT_EQ(document.blocks[3].tracks, 0U);
  EXPECT_EQ(document.blocks[4].tracks, 1U);
}

TEST(Splicer, ChangedTracksOfAFragmentWithoutFramesComeWithTheNext) {
  std::vector<ChunkSpec> chunks = {pairAt(0), pairAt(2000), pairAt(4000)};
  chunks[1].tracks[0].codecPrivate = "1080p";
  chunks[1].clusters[0].blocks.clear();
  chunks[2].tracks[0].codecPrivate = "1080p";
  const Document document = documentOf(chunks);
  EXPECT_EQ(document.order, "ITCTC");
  EXPECT_EQ(document.tracks[1][0].codecPrivate, "1080p");
}

TEST(Splicer, ChangedTracksComeAlsoBehindADroppedFragment) {
  std::vector<ChunkSpec> chunks = {pairAt(0), pairAt(2000), pairAt(4000)};
  chunks[1].tracks.push_back(test::audioTrack());
  chunks[1].tracks[0].codecPrivate = "dropped";
  chunks[2].tracks[0].codecPrivate = "1080p";
  const Document document = documentOf(chunks, OnTrackChange::kDropFragments);
  EXPECT_EQ(document.order, "ITCTC");
  EXPECT_EQ(document.tracks[1][0].codecPrivate, "1080p");
  EXPECT_EQ(document.times(), "0:1 40:1 4000:1 4040:1");
}

TEST(Splicer, LaterTracksListTheSameSet) {
  std::vector<ChunkSpec> chunks = {pairAt(0), pairAt(2000)};
  chunks[0].tracks = {test::TrackSpec(), test::audioTrack(2, "mic")};
  chunks[1].tracks[0].codecPrivate = "1080p";
  chunks[1].tracks[0].number = 5;
  chunks[1].tracks[0].uid = 99;
  for (auto& block : chunks[1].clusters[0].blocks) {
    block.track = 5;
  }
  const Document document = documentOf(chunks);
  ASSERT_EQ(document.tracks.size(), 2U);
  ASSERT_EQ(document.tracks[1].size(), 2U);
  EXPECT_EQ(document.tracks[1][0].number, 1U);
  EXPECT_EQ(document.tracks[1][0].uid, 11U);
  EXPECT_EQ(document.tracks[1][1].name, "mic");
  EXPECT_EQ(document.tracks[1][1].codecPrivate, "aac");
  EXPECT_EQ(document.times(), "0:1 40:1 2000:1 2040:1");
}

TEST(Splicer, RemapsTrackNumbersOfAnyLength) {
  std::vector<ChunkSpec> chunks = {pairAt(0), pairAt(2000)};
  chunks[0].tracks = {test::TrackSpec(), test::audioTrack(200)};
  chunks[1].tracks = {test::audioTrack(1), test::TrackSpec()};
  chunks[1].tracks[1].number = 300;
  chunks[0].clusters[0].blocks[1].track = 200;
  chunks[1].clusters[0].blocks[1].track = 300;
  const Document document = documentOf(chunks);
  EXPECT_EQ(document.times(), "0:1 40:200 2000:200 2040:1");
  EXPECT_EQ(document.blocks[2].payload, "frame 0 of " + std::to_string(kBegin + 2000));
}

TEST(Splicer, AMissingTrackIsNoDifference) {
  std::vector<ChunkSpec> chunks = {pairAt(0), pairAt(2000)};
  chunks[0].tracks.push_back(test::audioTrack());
  const Document document = documentOf(chunks);
  EXPECT_EQ(document.order, "ITCC");
  EXPECT_EQ(document.tracks[0].size(), 2U);
}

TEST(Splicer, NamesBothTracksOfAChangeThatCanNotBeJoined) {
  std::vector<ChunkSpec> chunks = {pairAt(0), pairAt(2000)};
  chunks[1].tracks[0].codecId = "V_MPEGH/ISO/HEVC";
  const Spliced spliced = spliceText(join(chunks));
  ASSERT_TRUE(spliced.error.has_value());
  EXPECT_EQ(spliced.error->kind, ErrorKind::kTrackChange);
  EXPECT_EQ(spliced.error->message,
            "video track 1 (V_MPEG4/ISO/AVC) becomes video track 1 (V_MPEGH/ISO/HEVC)");
  EXPECT_EQ(readDocument(spliced.document).times(), "0:1 40:1");
}

TEST(Splicer, DropTracksLeavesOutOnlyWhatIsNew) {
  std::vector<ChunkSpec> chunks = {pairAt(0), pairAt(2000), pairAt(4000)};
  chunks[1].tracks.push_back(test::audioTrack());
  chunks[1].clusters[0].blocks[0].track = 2;
  chunks[2].tracks = {test::audioTrack()};
  for (test::BlockSpec& block : chunks[2].clusters[0].blocks) {
    block.track = 2;
  }
  const Spliced spliced = spliceText(join(chunks), OnTrackChange::kDropTracks);
  ASSERT_FALSE(spliced.error);
  EXPECT_EQ(readDocument(spliced.document).times(), "0:1 40:1 2040:1");
  ASSERT_EQ(spliced.fragments.size(), 3U);
  EXPECT_FALSE(spliced.fragments[1].skip);
  EXPECT_EQ(spliced.fragments[1].difference, "audio track 2 (A_AAC) is new");
  EXPECT_TRUE(spliced.fragments[2].skip);
}

TEST(Splicer, DropFragmentsLeavesOutTheWholeFragment) {
  std::vector<ChunkSpec> chunks = {pairAt(0), pairAt(2000), pairAt(4000)};
  chunks[1].tracks.push_back(test::audioTrack());
  const Spliced spliced = spliceText(join(chunks), OnTrackChange::kDropFragments);
  ASSERT_FALSE(spliced.error);
  EXPECT_EQ(readDocument(spliced.document).times(), "0:1 40:1 4000:1 4040:1");
  EXPECT_TRUE(spliced.fragments[1].skip);
  EXPECT_EQ(spliced.fragments[1].difference, "audio track 2 (A_AAC) is new");
}

TEST(Splicer, LargeStepsBackAreShiftedAndSaidSo) {
  const Spliced spliced = spliceText(join({pairAt(0), pairAt(10'000), pairAt(5000)}));
  EXPECT_EQ(readDocument(spliced.document).times(), "0:1 40:1 10000:1 10040:1 10080:1 10120:1");
  EXPECT_EQ(spliced.fragments[2].shift.count(), 5080);
  EXPECT_TRUE(spliced.fragments[2].discont);
  EXPECT_EQ(toMillis(spliced.blocks[4].time), kBegin + 5000);
}

TEST(Splicer, SmallStepsBackKeepTheirTimes) {
  const Document document = documentOf({pairAt(0), pairAt(10'000), pairAt(8000)});
  EXPECT_EQ(document.times(), "0:1 40:1 10000:1 10040:1 8000:1 8040:1");
}

TEST(Splicer, TimesThatTheDocumentCanNotHoldAreRefused) {
  ChunkSpec far = pairAt(2000);
  far.timecodeScale = 1'000'000'000;
  far.clusters.push_back(far.clusters[0]);
  far.clusters[1].timecode = 9'223'300'000;  // seconds: 292 years
  const Spliced spliced = spliceText(join({pairAt(0), far}));
  ASSERT_TRUE(spliced.error.has_value());
  EXPECT_EQ(spliced.error->kind, ErrorKind::kDecode);
  far.clusters[1].timecode = 9'223'372'037;
  EXPECT_TRUE(spliceText(join({pairAt(0), far})).error.has_value());
}

TEST(Splicer, ABlockThatGrowsBeyond15MiBIsRefused) {
  std::vector<ChunkSpec> chunks = {pairAt(0), pairAt(2000)};
  chunks[0].tracks[0].number = 200;  // two bytes in each block instead of one
  for (test::BlockSpec& first : chunks[0].clusters[0].blocks) {
    first.track = 200;
  }
  test::BlockSpec& block = chunks[1].clusters[0].blocks[1];
  block.payload.assign((size_t{15} << 20) - 9, 'x');
  ASSERT_EQ(test::blockElement(block).size(), size_t{15} << 20);
  const Spliced spliced = spliceText(join(chunks));
  ASSERT_TRUE(spliced.error.has_value());
  EXPECT_NE(spliced.error->message.find("15 MiB"), std::string::npos);
  EXPECT_EQ(spliced.blocks.size(), 3U);
}

TEST(Splicer, BlocksBeforeTheStartAreRefused) {
  const Parsed parsed = parseText(join({offsetsAt(0, {0, -40})}));
  const FragmentTime time{unixTimeFromMillis(kBegin), std::chrono::milliseconds(0),
                          std::chrono::milliseconds(0)};
  Splicer splicer(parsed.chunks[0].header, time, OnTrackChange::kError);
  ASSERT_TRUE(splicer.beginFragment(parsed.chunks[0].header, time).ok());
  EXPECT_TRUE(splicer.splice(ChunkBlock(parsed.chunks[0].blocks[0])).ok());
  const auto early = splicer.splice(ChunkBlock(parsed.chunks[0].blocks[1]));
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().kind, ErrorKind::kDecode);
}

TEST(Splicer, BlocksStayWhereTheyWereReceived) {
  const Bytes input = Bytes::copyOf(join({pairAt(0), pairAt(2000)}));
  const Spliced spliced = splice(parsePieces({input}).chunks);
  ASSERT_EQ(spliced.blocks.size(), 4U);
  for (const SplicedBlock& block : spliced.blocks) {
    EXPECT_EQ(block.element.slab(), input.slab());
  }
  EXPECT_FALSE(spliced.blocks[0].prefix.empty());
  EXPECT_TRUE(spliced.blocks[1].prefix.empty());
}

TEST(Splicer, RefusesTracksThatGrowBeyondOneElement) {
  test::ChunkSpec spec = test::simpleChunk("1", 1'772'359'200'000, 1);
  spec.tracks = {test::TrackSpec(), test::audioTrack()};
  spec.tracks[0].codecPrivate.assign(8 << 20, 'x');
  std::string input = test::buildChunk(spec);
  std::swap(spec.tracks[0].codecPrivate, spec.tracks[1].codecPrivate);
  spec.tracks.erase(spec.tracks.begin());
  spec.clusters[0].blocks[0].track = 2;
  input += test::buildChunk(spec);
  const Spliced spliced = spliceText(input);
  EXPECT_EQ(spliced.blocks.size(), 1U);
  ASSERT_TRUE(spliced.error.has_value());
  EXPECT_EQ(spliced.error->kind, ErrorKind::kDecode);
  EXPECT_NE(spliced.error->message.find("15 MiB"), std::string::npos);
}

}  // namespace
}  // namespace kvsarchive::matroska
