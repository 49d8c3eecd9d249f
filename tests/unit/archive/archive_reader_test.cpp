// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/archive_reader.h"

#include <algorithm>

#include "archive_test_util.h"
#include "support/document_reader.h"

namespace kvsarchive::archive {
namespace {

using test::Document;

class ArchiveReaderTest : public ArchiveTest {
 protected:
  /// Reads all and checks what must always hold.
  ReaderRun read(const ArchiveOptions& options = tenMinutesOptions()) {
    ArchiveReader reader(client_, options);
    ReaderRun run = readAll(reader, cancel_);
    ledger_ = reader.ledger();
    origin_ = reader.origin();
    duration_ = reader.duration();
    document_ = Document();
    if (!run.document.empty()) {
      document_ = test::readDocument(run.document);
      EXPECT_EQ(document_.problem, "");
    }
    if (!run.error) {
      EXPECT_EQ(run.order.back(), 'E');
      EXPECT_EQ(ledger_.listed,
                ledger_.delivered + ledger_.truncated + ledger_.skipped() + ledger_.superseded);
      EXPECT_EQ(ledger_.frames, document_.blocks.size());
      EXPECT_TRUE(std::holds_alternative<EndOfArchive>(*reader.next(cancel_)));
    }
    return run;
  }

  Ledger ledger_;
  std::optional<UnixTime> origin_;
  std::optional<std::chrono::milliseconds> duration_;
  Document document_;
};

TEST_F(ArchiveReaderTest, ReadsARangeAsOneDocument) {
  add("2", 2000);
  add("1", 0);
  const ReaderRun run = read();
  ASSERT_FALSE(run.error) << run.error->message;
  EXPECT_EQ(run.order, "PPPPHSBBSBBE");
  EXPECT_EQ(document_.times(), "0:1 40:1 2000:1 2040:1");
  EXPECT_EQ(document_.blocks[2].payload, "frame 0 of 2");
  EXPECT_EQ(ledger_.listed, 2U);
  EXPECT_EQ(ledger_.delivered, 2U);
  EXPECT_EQ(ledger_.receivedBytes, archive_.chunks["1"].size() + archive_.chunks["2"].size());
  EXPECT_EQ(origin_, unixTimeFromMillis(kBegin));
  EXPECT_EQ(duration_->count(), 2080);
  EXPECT_TRUE(run.warnings.empty());
}

TEST_F(ArchiveReaderTest, TellsAllAboutEachFragment) {
  test::ChunkSpec spec = test::simpleChunk("7", kBegin + 2000, 3);
  spec.clusters[0].blocks[1].offset = -40;
  spec.afterClusters = test::tagsElement({{"site", "north"}});
  add("6", 0, 50);
  archive_.add({"7", kBegin + 2000, kBegin + 9000, 12'345, 1796}, test::buildChunk(spec));
  const ReaderRun run = read();
  ASSERT_EQ(run.starts.size(), 2U);
  EXPECT_EQ(run.starts[0].fragment.number, "6");
  EXPECT_EQ(run.starts[0].pts.count(), 0);
  EXPECT_TRUE(run.starts[0].discont);
  EXPECT_TRUE(run.starts[0].tags.empty());
  const FragmentStart& start = run.starts[1];
  EXPECT_EQ(start.fragment.number, "7");
  EXPECT_EQ(start.fragment.sizeBytes, 12'345U);
  EXPECT_EQ(start.fragment.length.count(), 1796);
  EXPECT_EQ(toMillis(start.fragment.producerTimestamp), kBegin + 2000);
  EXPECT_EQ(toMillis(start.fragment.serverTimestamp), kBegin + 9000);
  EXPECT_EQ(toMillis(start.origin), kBegin);
  EXPECT_EQ(start.pts.count(), 2000);
  EXPECT_EQ(start.shift.count(), 0);
  EXPECT_FALSE(start.discont);
  ASSERT_EQ(start.tags.size(), 1U);
  EXPECT_EQ(start.tags[0].name + "=" + start.tags[0].value, "site=north");
}

TEST_F(ArchiveReaderTest, AnEmptyRangeIsAnErrorThatNamesItInUtc) {
  ReaderRun run = read();
  ASSERT_TRUE(run.error.has_value());
  EXPECT_EQ(run.error->kind, ErrorKind::kNotFound);
  EXPECT_EQ(run.error->operation, "ListFragments");
  EXPECT_EQ(run.error->stream, "cam");
  EXPECT_EQ(run.error->message,
            "No fragment of the stream starts between 2026-03-01T10:00:00.000Z and "
            "2026-03-01T10:10:00.000Z UTC by its producer timestamp");
  ArchiveOptions options = tenMinutesOptions();
  options.selector.type = kvs::SelectorType::kServerTimestamp;
  run = read(options);
  EXPECT_NE(run.error->message.find("by its server timestamp"), std::string::npos);
}

TEST_F(ArchiveReaderTest, TheServersClockSetsOrderAndTimes) {
  archive_.add({"1", kBegin, kBegin + 9000}, test::buildChunk(test::simpleChunk("1", kBegin, 2)));
  archive_.add({"2", kBegin, kBegin + 5000}, test::buildChunk(test::simpleChunk("2", kBegin, 2)));
  ArchiveOptions options = tenMinutesOptions();
  options.clock = FragmentClock::kServer;
  const ReaderRun run = read(options);
  ASSERT_EQ(run.starts.size(), 2U);
  EXPECT_EQ(run.starts[0].fragment.number, "2");
  EXPECT_EQ(document_.times(), "0:1 40:1 4000:1 4040:1");
  EXPECT_EQ(toMillis(*origin_), kBegin + 5000);
}

TEST_F(ArchiveReaderTest, CountsWhatANewerFragmentSupersedes) {
  add("1", 0);
  add("2", 2000);
  add("9", 2000);
  read();
  EXPECT_EQ(ledger_.listed, 3U);
  EXPECT_EQ(ledger_.superseded, 1U);
  EXPECT_EQ(ledger_.delivered, 2U);
  EXPECT_EQ(document_.blocks[2].payload, "frame 0 of 9");
}

TEST_F(ArchiveReaderTest, AMissingFragmentIsSkippedLoudly) {
  add("1", 0);
  add("2", 80);
  add("3", 160);
  add("4", 240);
  archive_.chunks["2"] = test::wireErrorChunk("2", "3000", "FRAGMENT_NOT_FOUND");
  const ReaderRun run = read();
  ASSERT_FALSE(run.error) << run.error->message;
  EXPECT_EQ(run.order, "PPPPHSBBWSBBSBBE");
  ASSERT_EQ(run.warnings.size(), 1U);
  EXPECT_EQ(run.warnings[0],
            "Fragment 2 of 2026-03-01T10:00:00.080Z is skipped: FRAGMENT_NOT_FOUND 3000");
  EXPECT_EQ(ledger_.missing, 1U);
  EXPECT_EQ(document_.times(), "0:1 40:1 160:1 200:1 240:1 280:1");
  EXPECT_TRUE(run.starts[1].discont);
  EXPECT_FALSE(run.starts[2].discont);
}

TEST_F(ArchiveReaderTest, DiscontIsToldOncePerGap) {
  add("1", 0);
  add("2", 80);
  add("3", 60'000);
  add("4", 60'080);
  archive_.chunks.erase("2");
  const ReaderRun run = read();
  ASSERT_EQ(run.starts.size(), 3U);
  EXPECT_TRUE(run.starts[1].discont);
  EXPECT_FALSE(run.starts[2].discont);
}

TEST_F(ArchiveReaderTest, WithoutTheFirstFragmentTheNextOneSetsTheOrigin) {
  add("1", 0);
  add("2", 2000);
  add("3", 2080);
  archive_.chunks["1"] = test::documentedErrorChunk("1", "3000", "gone");
  const ReaderRun run = read();
  EXPECT_EQ(run.order, "PPPPWHSBBSBBE");
  EXPECT_EQ(document_.times(), "0:1 40:1 80:1 120:1");
  EXPECT_EQ(toMillis(*origin_), kBegin + 2000);
  EXPECT_TRUE(run.starts[0].discont);
  EXPECT_FALSE(run.starts[1].discont);
}

TEST_F(ArchiveReaderTest, ARangeWithoutAnyMediaIsAnError) {
  add("1", 0);
  add("2", 2000);
  archive_.chunks["1"] = test::wireErrorChunk("1", "3000", "FRAGMENT_NOT_FOUND");
  archive_.chunks.erase("2");
  const ReaderRun run = read();
  ASSERT_TRUE(run.error.has_value());
  EXPECT_EQ(run.error->kind, ErrorKind::kNotFound);
  EXPECT_EQ(run.warnings.size(), 2U);
  EXPECT_EQ(ledger_.missing, 2U);
}

TEST_F(ArchiveReaderTest, ErrorsOfTheServiceComeAfterWhatIsWhole) {
  add("1", 0);
  add("2", 2000);
  archive_.chunks["2"] = test::documentedErrorChunk("2", "4502", "no key");
  const ReaderRun run = read();
  ASSERT_TRUE(run.error.has_value());
  EXPECT_EQ(run.error->kind, ErrorKind::kNotAuthorized);
  EXPECT_EQ(run.error->stream, "cam");
  EXPECT_EQ(document_.times(), "0:1 40:1");
  EXPECT_EQ(ledger_.delivered, 1U);
  EXPECT_EQ(ledger_.frames, 2U);
}

TEST_F(ArchiveReaderTest, TracksThatCanNotBeJoinedAreAnErrorThatNamesThem) {
  add("1", 0);
  test::ChunkSpec spec = test::simpleChunk("2", kBegin + 2000, 2);
  spec.tracks[0].codecId = "V_MPEGH/ISO/HEVC";
  archive_.add({"2", kBegin + 2000}, test::buildChunk(spec));
  const ReaderRun run = read();
  ASSERT_TRUE(run.error.has_value());
  EXPECT_EQ(run.error->kind, ErrorKind::kTrackChange);
  EXPECT_EQ(run.error->message,
            "Fragment 2 of 2026-03-01T10:00:02.000Z has tracks that can't be joined to those "
            "before: video track 1 (V_MPEG4/ISO/AVC) becomes video track 1 (V_MPEGH/ISO/HEVC)");
}

TEST_F(ArchiveReaderTest, DroppedFragmentsAreSaidOnceAndCounted) {
  add("1", 0);
  for (const char* number : {"2", "3"}) {
    test::ChunkSpec spec = test::simpleChunk(number, kBegin + 80 * number[0] - 80 * '1', 2);
    spec.tracks.push_back(test::audioTrack());
    archive_.add({number, kBegin + 80 * number[0] - 80 * '1'}, test::buildChunk(spec));
  }
  add("4", 240);
  add("5", 320);
  ArchiveOptions options = tenMinutesOptions();
  options.onTrackChange = matroska::OnTrackChange::kDropFragments;
  const ReaderRun run = read(options);
  ASSERT_FALSE(run.error) << run.error->message;
  EXPECT_EQ(run.order, "PPPPHSBBWSBBSBBE");
  EXPECT_NE(run.warnings[0].find("Fragment 2 of 2026-03-01T10:00:00.080Z is skipped"),
            std::string::npos)
      << run.warnings[0];
  EXPECT_NE(run.warnings[0].find("audio track 2 (A_AAC) is new"), std::string::npos);
  EXPECT_EQ(ledger_.trackChange, 2U);
  EXPECT_EQ(ledger_.droppedFrames, 0U);
  EXPECT_TRUE(run.starts[1].discont);
  EXPECT_FALSE(run.starts[2].discont);
}

TEST_F(ArchiveReaderTest, EachDifferenceIsSaidOnceThoughTheyAlternate) {
  add("1", 0);
  for (const char* number : {"2", "3", "4", "5", "6", "7"}) {
    test::ChunkSpec spec = test::simpleChunk(number, kBegin + 80 * number[0] - 80 * '1', 2);
    spec.tracks.push_back(test::audioTrack());
    if (number[0] % 2 == 0) {
      spec.tracks.push_back(test::audioTrack(3));
    }
    archive_.add({number, kBegin + 80 * number[0] - 80 * '1'}, test::buildChunk(spec));
  }
  ArchiveOptions options = tenMinutesOptions();
  options.onTrackChange = matroska::OnTrackChange::kDropTracks;
  const ReaderRun run = read(options);
  ASSERT_FALSE(run.error) << run.error->message;
  EXPECT_EQ(run.warnings.size(), 2U);
  EXPECT_EQ(ledger_.delivered, 7U);
}

TEST_F(ArchiveReaderTest, DroppedTracksAreSaidOnceAndTheirFramesCounted) {
  add("1", 0);
  for (const char* number : {"2", "3"}) {
    test::ChunkSpec spec = test::simpleChunk(number, kBegin + 80 * number[0] - 80 * '1', 2);
    spec.tracks.push_back(test::audioTrack());
    spec.clusters[0].blocks[0].track = 2;
    archive_.add({number, kBegin + 80 * number[0] - 80 * '1'}, test::buildChunk(spec));
  }
  ArchiveOptions options = tenMinutesOptions();
  options.onTrackChange = matroska::OnTrackChange::kDropTracks;
  const ReaderRun run = read(options);
  EXPECT_EQ(run.order, "PPPPHSBBWSBSBE");
  EXPECT_EQ(ledger_.droppedFrames, 2U);
  EXPECT_EQ(ledger_.delivered, 3U);
  EXPECT_EQ(run.starts[1].pts.count(), 120);  // of the first block that is kept
}

TEST_F(ArchiveReaderTest, AFragmentWithoutFramesIsToldAndDelivered) {
  add("1", 0);
  add("2", 80, 0);
  add("3", 80);
  archive_.listing.fragments[1].producerMillis += 1;
  const ReaderRun run = read();
  EXPECT_EQ(run.order, "PPPPHSBBSBBSE");
  EXPECT_EQ(ledger_.delivered, 3U);
}

TEST_F(ArchiveReaderTest, TheDocumentBeginsWithTheFirstFragmentThatHasFrames) {
  add("1", 0, 0);
  add("2", 80, 0);
  add("3", 160);
  archive_.listing.fragments[1].producerMillis += 1;
  archive_.listing.fragments[2].producerMillis += 2;
  const ReaderRun run = read();
  EXPECT_EQ(run.order, "PPPPHSBBE");
  ASSERT_EQ(run.starts.size(), 1U);
  EXPECT_EQ(run.starts[0].fragment.number, "3");
  EXPECT_EQ(run.starts[0].pts.count(), 0);
  EXPECT_EQ(toMillis(run.starts[0].origin), archive_.listing.fragments[2].producerMillis);
  EXPECT_EQ(ledger_.delivered, 3U);
}

TEST_F(ArchiveReaderTest, ARangeOfFragmentsWithoutFramesIsEmpty) {
  add("1", 0, 0);
  const ReaderRun run = read();
  ASSERT_TRUE(run.error);
  EXPECT_EQ(run.error->kind, ErrorKind::kNotFound);
  EXPECT_NE(run.error->message.find("None of the 1 fragments"), std::string::npos)
      << run.error->message;
}

TEST_F(ArchiveReaderTest, TooManyTagsAreSaidOnce) {
  test::TagList tags;
  for (int i = 0; i < 300; ++i) {
    tags.emplace_back("tag" + std::to_string(i), "value");
  }
  for (const char* number : {"1", "2"}) {
    test::ChunkSpec spec = test::simpleChunk(number, kBegin + 80 * number[0] - 80 * '1', 2);
    spec.afterClusters = test::tagsElement(tags);
    archive_.add({number, kBegin + 80 * number[0] - 80 * '1'}, test::buildChunk(spec));
  }
  const ReaderRun run = read();
  ASSERT_EQ(run.starts.size(), 2U);
  EXPECT_EQ(run.starts[1].tags.size(), 256U);
  ASSERT_EQ(run.warnings.size(), 1U);
  EXPECT_NE(run.warnings[0].find("loses 44 of the producer's tags"), std::string::npos)
      << run.warnings[0];
}

TEST_F(ArchiveReaderTest, LargeOverlapsAreMovedWithAWarning) {
  add("1", 0, 250);  // 10 s
  add("2", 5000);
  const ReaderRun run = read();
  EXPECT_EQ(run.starts[1].shift.count(), 5000);
  EXPECT_EQ(run.starts[1].pts.count(), 10'000);
  EXPECT_TRUE(run.starts[1].discont);
  ASSERT_EQ(run.warnings.size(), 1U);
  EXPECT_NE(run.warnings[0].find("moved by 5000 ms"), std::string::npos) << run.warnings[0];
}

TEST_F(ArchiveReaderTest, BatchesLeaveNoSeam) {
  for (int i = 0; i < 250; ++i) {
    add(std::to_string(1000 + i), i * 80);
  }
  const ReaderRun run = read();
  ASSERT_FALSE(run.error) << run.error->message;
  EXPECT_EQ(archive_.mediaRequests().size(), 5U);
  ASSERT_EQ(document_.blocks.size(), 500U);
  for (size_t i = 0; i < 500; ++i) {
    ASSERT_EQ(document_.blocks[i].millis, static_cast<int64_t>(i) * 40);
  }
  for (size_t i = 1; i < run.starts.size(); ++i) {
    EXPECT_FALSE(run.starts[i].discont) << i;
  }
}

TEST_F(ArchiveReaderTest, WindowsOfTheListLeaveNoSeam) {
  for (int i = 0; i < 100; ++i) {
    add(std::to_string(1000 + i), i * 4000, 100);
  }
  add("9", 60'000, 100);  // older than those of the same times
  add("8", 300'000, 100);
  ArchiveOptions options = tenMinutesOptions();
  options.leadIn = false;
  const ReaderRun run = read(options);
  ASSERT_FALSE(run.error) << run.error->message;
  EXPECT_GT(archive_.listing.requests().size(), 2U);
  ASSERT_EQ(document_.blocks.size(), 10'000U);
  for (size_t i = 0; i < document_.blocks.size(); ++i) {
    ASSERT_EQ(document_.blocks[i].millis, static_cast<int64_t>(i) * 40);
  }
  for (size_t i = 1; i < run.starts.size(); ++i) {
    EXPECT_FALSE(run.starts[i].discont) << i;
  }
  EXPECT_EQ(run.order.substr(0, 4), "PPPP");
  EXPECT_EQ(std::count(run.order.begin(), run.order.end(), 'P'), 4);
  EXPECT_EQ(run.warnings.size(), 2U);
  EXPECT_EQ(ledger_.listed, 102U);
  EXPECT_EQ(ledger_.superseded, 2U);
  EXPECT_EQ(duration_->count(), 400'000);
}

TEST_F(ArchiveReaderTest, AWindowWithoutMediaIsNotTheEnd) {
  add("1", 0);
  add("2", 300'000);
  archive_.chunks.erase("1");
  const ReaderRun run = read();
  ASSERT_FALSE(run.error) << run.error->message;
  EXPECT_EQ(run.order, "PPPPWHSBBE");
  EXPECT_EQ(ledger_.missing, 1U);
}

TEST_F(ArchiveReaderTest, TheOrderOfChunksDoesNotMatter) {
  for (int i = 0; i < 5; ++i) {
    add(std::to_string(10 + i), i * 80);
  }
  const std::string expected = read().document;
  archive_.media = [this](const auto& numbers) {
    std::string body;
    for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) {
      body += archive_.chunks[*number];
    }
    return body;
  };
  EXPECT_TRUE(read().document == expected);
}

TEST_F(ArchiveReaderTest, TheCutOfTheBodyDoesNotMatter) {
  for (int i = 0; i < 3; ++i) {
    add(std::to_string(10 + i), i * 80);
  }
  const ReaderRun whole = read();
  size_t bodyBytes = 0;
  for (const auto& [number, chunk] : archive_.chunks) {
    bodyBytes += chunk.size();
  }
  for (const bool oneSlab : {true, false}) {
    for (size_t size = 1; size <= bodyBytes; size += size < 64 ? 1 : 97) {
      archive_.cut = [=](const std::string& body) {
        const Bytes slab = Bytes::copyOf(body);
        std::vector<Bytes> pieces;
        for (size_t at = 0; at < slab.size(); at += size) {
          const Bytes piece = slab.sub(at, std::min(size, slab.size() - at));
          pieces.push_back(oneSlab ? piece : Bytes::copyOf(piece.view()));
        }
        return pieces;
      };
      const ReaderRun run = read();
      ASSERT_TRUE(run.document == whole.document) << size;
      ASSERT_EQ(run.order, whole.order) << size;
    }
  }
}

TEST_F(ArchiveReaderTest, ACutAtEveryByteChangesNothing) {
  add("1", 0);
  add("2", 80);
  const std::string body = archive_.chunks["1"] + archive_.chunks["2"];
  const ReaderRun whole = read();
  for (const bool clean : {true, false}) {
    for (size_t length = 0; length < body.size(); ++length) {
      bool cut = false;
      archive_.media = [&](const auto& numbers) {
        if (std::exchange(cut, true)) {
          return test::FakeMedia(archive_.body(numbers));
        }
        const std::string start = body.substr(0, length);
        return clean ? test::FakeMedia(start) : test::FakeMedia(start, test::brokenConnection());
      };
      const ReaderRun run = read();
      ASSERT_FALSE(run.error) << length << ": " << run.error->message;
      ASSERT_TRUE(run.document == whole.document) << length;
      ASSERT_EQ(run.order, whole.order) << length;
      ASSERT_EQ(ledger_.delivered, 2U) << length;
    }
  }
}

TEST_F(ArchiveReaderTest, ACutThatStaysIsAnErrorAfterWholeFrames) {
  add("1", 0);
  add("2", 80);
  const std::string body = archive_.chunks["1"] + archive_.chunks["2"];
  const std::string whole = read().document;
  for (size_t length = 0; length < body.size(); ++length) {
    archive_.media = [&](const auto& numbers) {
      const size_t left = archive_.body(numbers).size();
      return test::FakeMedia(archive_.body(numbers).substr(
                                 0, std::max(length, body.size() - left) + left - body.size()),
                             test::brokenConnection());
    };
    const ReaderRun run = read();
    ASSERT_TRUE(run.error) << length;
    ASSERT_TRUE(run.document == whole.substr(0, run.document.size())) << length;
    const bool first = length >= archive_.chunks["1"].size() + 5;
    ASSERT_EQ(ledger_.delivered, first ? 1U : 0U) << length;
    ASSERT_EQ(run.error->lastFragment, first ? "1" : "") << length;
    ASSERT_EQ(run.error->lastFragmentTime.has_value(), first) << length;
    ASSERT_EQ(ledger_.truncated, ledger_.frames > 2 * ledger_.delivered ? 1U : 0U) << length;
  }
}

TEST_F(ArchiveReaderTest, AnErrorStaysAndIsCountedOnce) {
  add("1", 0);
  const std::string start = archive_.chunks["1"].substr(0, archive_.chunks["1"].size() - 1);
  archive_.media = [&](const auto&) { return test::FakeMedia(start, test::brokenConnection()); };
  ArchiveReader reader(client_, tenMinutesOptions());
  ASSERT_TRUE(readAll(reader, cancel_).error);
  const size_t requests = archive_.mediaRequests().size();
  EXPECT_EQ(reader.next(cancel_).error().kind, ErrorKind::kRead);
  EXPECT_EQ(archive_.mediaRequests().size(), requests);
  EXPECT_EQ(reader.ledger().truncated, 1U);
  EXPECT_EQ(reader.ledger().frames, 1U);
}

TEST_F(ArchiveReaderTest, OnMissingFragmentErrorEndsTheStream) {
  add("1", 0);
  add("2", 80);
  add("3", 160);
  archive_.chunks["2"] = test::wireErrorChunk("2", "3000", "FRAGMENT_NOT_FOUND");
  ArchiveOptions options = tenMinutesOptions();
  options.onMissingFragment = OnMissingFragment::kError;
  ReaderRun run = read(options);
  ASSERT_TRUE(run.error);
  EXPECT_EQ(run.error->kind, ErrorKind::kNotFound);
  EXPECT_EQ(run.error->message,
            "Fragment 2 of 2026-03-01T10:00:00.080Z is skipped: FRAGMENT_NOT_FOUND 3000");
  EXPECT_EQ(run.error->lastFragment, "1");
  EXPECT_EQ(run.error->lastFragmentTime, unixTimeFromMillis(kBegin));
  EXPECT_EQ(document_.times(), "0:1 40:1");
  EXPECT_EQ(ledger_.missing, 1U);
  archive_.chunks["2"] = std::string(400, '\0');
  run = read(options);
  ASSERT_TRUE(run.error);
  EXPECT_EQ(run.error->kind, ErrorKind::kDecode);
  EXPECT_EQ(ledger_.unreadable, 1U);
}

TEST_F(ArchiveReaderTest, ACutShortFragmentIsToldWithItsFrames) {
  add("1", 0);
  test::ChunkSpec spec = test::simpleChunk("2", kBegin + 80, 3);
  spec.timecodeScale = 1'000'000'000;
  spec.clusters.push_back(spec.clusters[0]);
  spec.clusters[1].timecode = 4000;
  spec.clusters[0].blocks[1].offset = 0;
  spec.clusters[0].blocks[2].offset = 0;
  archive_.add({"2", kBegin + 80}, test::buildChunk(spec));
  add("3", 160);
  const ReaderRun run = read();
  ASSERT_FALSE(run.error) << run.error->message;
  EXPECT_EQ(run.order, "PPPPHSBBSBBBWSBBE");
  EXPECT_EQ(run.warnings[0],
            "Fragment 2 of 2026-03-01T10:00:00.080Z ends after 3 frames: The media has a block "
            "more than a minute away from its fragment");
  EXPECT_EQ(ledger_.truncated, 1U);
  EXPECT_EQ(ledger_.delivered, 2U);
  EXPECT_TRUE(run.starts[2].discont);
}

TEST_F(ArchiveReaderTest, BeginsWithTheKeyFrameBeforeTheRange) {
  // Key frames every 200 ms, range from 1.5 s on.
  test::ChunkSpec spec = test::simpleChunk("1", kBegin - 1500, 50);
  for (size_t i = 0; i < spec.clusters[0].blocks.size(); ++i) {
    spec.clusters[0].blocks[i].key = i % 5 == 0;
  }
  archive_.add({"1", kBegin - 1500, kBegin + 9000, 0, 2000}, test::buildChunk(spec));
  add("2", 500, 50);
  ReaderRun run = read();
  ASSERT_FALSE(run.error) << run.error->message;
  EXPECT_EQ(toMillis(*origin_), kBegin - 100);  // the key frame at 1.4 s
  EXPECT_EQ(document_.blocks[0].payload, "frame 35 of 1");
  EXPECT_EQ(document_.blocks.size(), 15U + 50U);
  EXPECT_EQ(document_.blocks[15].millis, 600);
  EXPECT_EQ(ledger_.trimmedFrames, 35U);
  EXPECT_EQ(ledger_.listed, 2U);
  EXPECT_EQ(duration_->count(), 2600);
  ArchiveOptions options = tenMinutesOptions();
  options.leadIn = false;
  run = read(options);
  EXPECT_EQ(toMillis(*origin_), kBegin + 500);
  EXPECT_EQ(ledger_.listed, 1U);
  EXPECT_EQ(ledger_.trimmedFrames, 0U);
}

TEST_F(ArchiveReaderTest, AFragmentThatMayEndBeforeTheRangeNeedNotBeThere) {
  archive_.add({"1", kBegin - 1500, kBegin + 9000, 0, 1000}, "");
  archive_.chunks.clear();
  add("2", 500, 50);
  ArchiveOptions options = tenMinutesOptions();
  options.onMissingFragment = OnMissingFragment::kError;
  ReaderRun run = read(options);
  ASSERT_FALSE(run.error) << run.error->message;
  EXPECT_TRUE(run.warnings.empty());
  EXPECT_EQ(ledger_.listed, 1U);
  EXPECT_EQ(document_.blocks.size(), 50U);
  archive_.listing.fragments[0].lengthMillis = 1501;
  run = read(options);
  ASSERT_TRUE(run.error);
  EXPECT_EQ(run.error->kind, ErrorKind::kNotFound);
}

TEST_F(ArchiveReaderTest, EndsWithTheLastFrameInTheRange) {
  add("1", 599'000, 50);
  ReaderRun run = read();
  ASSERT_FALSE(run.error) << run.error->message;
  EXPECT_EQ(document_.blocks.size(), 26U);  // 0 to 1000 ms, both included
  EXPECT_EQ(document_.blocks.back().millis, 1000);
  EXPECT_EQ(ledger_.trimmedFrames, 24U);
  EXPECT_EQ(duration_->count(), 1000);
  ArchiveOptions options = tenMinutesOptions();
  options.trimEnd = false;
  run = read(options);
  EXPECT_EQ(document_.blocks.size(), 50U);
  EXPECT_EQ(duration_->count(), 2000);
}

TEST_F(ArchiveReaderTest, ARangeInsideOfOneFragmentIsCutAtBothEnds) {
  add("1", -500, 50);
  ArchiveOptions options = tenMinutesOptions();
  options.selector.end = options.selector.start + std::chrono::milliseconds(400);
  const ReaderRun run = read(options);
  ASSERT_FALSE(run.error) << run.error->message;
  EXPECT_EQ(document_.blocks.front().payload, "frame 0 of 1");  // the only key frame
  EXPECT_EQ(document_.blocks.back().millis, 880);
}

TEST_F(ArchiveReaderTest, DurationIsRefinedWhenTheListEnds) {
  add("1", 0);
  add("2", 300'000);
  ArchiveReader reader(client_, tenMinutesOptions());
  std::vector<int64_t> durations;
  for (;;) {
    auto output = reader.next(cancel_);
    ASSERT_TRUE(output.ok());
    if (std::holds_alternative<DurationChanged>(*output)) {
      durations.push_back(reader.duration()->count());
    }
    if (std::holds_alternative<EndOfArchive>(*output)) {
      break;
    }
  }
  EXPECT_EQ(durations, (std::vector<int64_t>{600'000, 300'080}));
}

TEST_F(ArchiveReaderTest, ACancelInAnyCallChangesNothing) {
  archive_.listing.pageLimit = 2;
  add("1", 0);
  add("2", 80);
  add("3", 120'000);
  archive_.token = &cancel_;
  archive_.cut = [](const std::string& body) {
    const size_t half = body.size() / 2;
    return std::vector<Bytes>{Bytes::copyOf(body.substr(0, half)),
                              Bytes::copyOf(body.substr(half))};
  };
  // A client of its own each time: the endpoints are to be asked for, too.
  const auto readOnce = [this](size_t cancelAt) {
    kvs::ArchivedMediaClient client({{"cam", ""}, "eu-west-1", "http://control.test"}, archive_,
                                    credentials_, systemClock());
    ArchiveOptions options = tenMinutesOptions();
    options.limits.prefetchBytes = 1;  // one fragment at a time
    ArchiveReader reader(client, options);
    archive_.cancelAt = cancelAt;
    ReaderRun run = readAll(reader, cancel_);
    ledger_ = reader.ledger();
    return run;
  };
  const ReaderRun expected = readOnce(SIZE_MAX);
  const uint64_t expectedFrames = ledger_.frames;
  const size_t calls = archive_.calls();
  ASSERT_FALSE(expected.error) << expected.error->message;
  ASSERT_EQ(archive_.mediaRequests().size(), 3U);
  ASSERT_GT(calls, 12U);
  for (size_t call = 0; call < calls; ++call) {
    const ReaderRun run = readOnce(archive_.calls() + call);
    ASSERT_FALSE(run.error) << call << ": " << run.error->message;
    ASSERT_EQ(run.cancelled, 1U) << call;
    ASSERT_EQ(run.order, expected.order) << call;
    ASSERT_TRUE(run.document == expected.document) << call;
    ASSERT_EQ(ledger_.frames, expectedFrames) << call;
  }
}

TEST_F(ArchiveReaderTest, ListedTimesAreFarAsTheyMayBe) {
  archive_.add({"1", kBegin, 253'402'300'799'000},
               test::buildChunk(test::simpleChunk("1", kBegin, 2)));
  const ReaderRun run = read();
  ASSERT_TRUE(run.error.has_value());  // nanoseconds of the year 9999 exceed 64 bits
  EXPECT_EQ(run.error->kind, ErrorKind::kDecode);
}

}  // namespace
}  // namespace kvsarchive::archive
