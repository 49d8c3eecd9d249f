// SPDX-License-Identifier: LGPL-2.1-or-later
// Seeks of ArchiveReader, without GStreamer.
#include <gtest/gtest.h>

#include <algorithm>

#include "archive_test_util.h"
#include "support/document_reader.h"

namespace kvsarchive::archive {
namespace {

using test::Document;
using Millis = std::chrono::milliseconds;

class ArchiveSeekTest : public ArchiveTest {
 protected:
  /// Reads until `count` blocks were handed on.
  void readBlocks(ArchiveReader& reader, size_t count) {
    while (count > 0) {
      auto output = reader.next(cancel_);
      ASSERT_TRUE(output) << output.error().message;
      if (auto* header = std::get_if<DocumentHeader>(&*output)) {
        header_ = std::string(header->bytes.view());
      }
      count -= std::holds_alternative<MediaBlock>(*output) ? 1 : 0;
    }
  }

  /// All that follows, read as a document of its own: it begins with Tracks and a Cluster.
  ReaderRun readRest(ArchiveReader& reader) {
    ReaderRun run = readAll(reader, cancel_);
    EXPECT_FALSE(run.error) << run.error->message;
    document_ = test::readDocument(header_ + run.document);
    EXPECT_EQ(document_.problem, "");
    EXPECT_EQ(run.order.back(), 'E');
    const Ledger ledger = reader.ledger();
    EXPECT_EQ(ledger.listed,
              ledger.delivered + ledger.truncated + ledger.skipped() + ledger.superseded);
    return run;
  }

  std::string header_;
  Document document_;
};

TEST_F(ArchiveSeekTest, GoesOnWithTheFragmentThatCoversTheTime) {
  for (int i = 0; i < 20; ++i) {
    add(std::to_string(100 + i), i * 2000, 50);
  }
  for (const auto& [ms, first] :
       {std::pair(0, 0), {1, 0}, {1999, 0}, {2000, 1}, {31'000, 15}, {39'000, 19}}) {
    ArchiveReader reader(client_, tenMinutesOptions());
    readBlocks(reader, 60);
    reader.seek(Millis(ms));
    const ReaderRun run = readRest(reader);
    ASSERT_EQ(document_.blocks.size(), static_cast<size_t>(20 - first) * 50) << ms;
    EXPECT_EQ(document_.blocks.front().millis, first * 2000) << ms;
    EXPECT_EQ(document_.order.substr(0, 4), "ITTC") << "Tracks come again";
    EXPECT_EQ(run.starts.front().fragment.number, std::to_string(100 + first));
    EXPECT_TRUE(run.starts.front().discont);
    EXPECT_EQ(run.order.find('P'), std::string::npos);
    EXPECT_EQ(reader.origin(), unixTimeFromMillis(kBegin));
    EXPECT_EQ(reader.duration(), Millis(40'000));
  }
}

/// Only what is shown in passing is fetched, until another seek.
TEST_F(ArchiveSeekTest, FragmentsAreLeftOutToASpacing) {
  for (int i = 0; i < 20; ++i) {
    add(std::to_string(100 + i), i * 2000, 50);
  }
  const auto numbers = [](const ReaderRun& run) {
    std::vector<int> found;
    for (const FragmentStart& start : run.starts) {
      found.push_back(std::stoi(start.fragment.number) - 100);
    }
    return found;
  };
  ArchiveReader reader(client_, tenMinutesOptions());
  readBlocks(reader, 60);
  reader.seek(Millis(5'000), Millis(7'000));
  EXPECT_EQ(numbers(readRest(reader)), (std::vector<int>{2, 6, 10, 14, 18}));
  EXPECT_EQ(document_.blocks.size(), 5U * 50);
  reader.seek(Millis(31'000), Millis(2'000));
  EXPECT_EQ(numbers(readRest(reader)), (std::vector<int>{15, 16, 17, 18, 19}));
  reader.seek(Millis(31'000));
  EXPECT_EQ(numbers(readRest(reader)), (std::vector<int>{15, 16, 17, 18, 19}));
}

TEST_F(ArchiveSeekTest, IntoAGapGoesOnBehindIt) {
  add("1", 0, 50);
  add("2", 300'000, 50);
  ArchiveReader reader(client_, tenMinutesOptions());
  readBlocks(reader, 1);
  reader.seek(Millis(100'000));
  readRest(reader);
  ASSERT_EQ(document_.blocks.size(), 50U);
  EXPECT_EQ(document_.blocks.front().millis, 300'000);
}

TEST_F(ArchiveSeekTest, BehindAllIsTheEnd) {
  add("1", 0, 50);
  ArchiveReader reader(client_, tenMinutesOptions());
  readBlocks(reader, 1);
  reader.seek(Millis(590'000));
  const ReaderRun run = readRest(reader);
  EXPECT_EQ(document_.blocks.size(), 0U);
  EXPECT_NE(reader.duration(), Millis(590'000));
  reader.seek(Millis(0));
  readRest(reader);
  EXPECT_EQ(document_.blocks.size(), 50U);
}

TEST_F(ArchiveSeekTest, NeverBeforeTheDocumentsFirstFragment) {
  add("1", 0, 100);  // until 4000
  add("2", 3000, 50);
  add("3", 5000, 50);
  ArchiveOptions options = tenMinutesOptions();
  options.selector.start = unixTimeFromMillis(kBegin + 2500);
  options.leadIn = false;
  ArchiveReader reader(client_, options);
  readBlocks(reader, 60);
  for (const int ms : {0, 500, 1000}) {
    reader.seek(Millis(ms));
    readRest(reader);
    EXPECT_EQ(document_.blocks.size(), 100U) << ms;
    EXPECT_EQ(document_.blocks.front().millis, 0) << ms;
  }
}

TEST_F(ArchiveSeekTest, ATrimmedFirstFragmentStaysTrimmed) {
  add("1", 0, 50);
  add("2", 2000, 50);
  ArchiveOptions options = tenMinutesOptions();
  options.selector.start = unixTimeFromMillis(kBegin + 1000);
  options.selector.end = unixTimeFromMillis(kBegin + 3000);
  ArchiveReader reader(client_, options);
  const ReaderRun linear = readAll(reader, cancel_);
  const std::string times = test::readDocument(linear.document).times();
  reader.seek(std::nullopt);
  readRest(reader);
  EXPECT_EQ(document_.times(), times);
  reader.seek(Millis(500));
  header_ = linear.document.substr(0, linear.document.find("\x1F\x43\xB6\x75"));
  readRest(reader);
  EXPECT_EQ(document_.times(), times);
}

TEST_F(ArchiveSeekTest, WorksOnTheOtherClock) {
  // The producer's clock is 5250 ms behind.
  for (int i = 0; i < 20; ++i) {
    add(std::to_string(100 + i), i * 2000, 50);
  }
  ArchiveOptions options = tenMinutesOptions();
  options.clock = FragmentClock::kServer;
  ArchiveReader reader(client_, options);
  readBlocks(reader, 60);
  for (const int first : {0, 7, 19}) {
    reader.seek(Millis(first * 2000 + 500));
    readRest(reader);
    ASSERT_EQ(document_.blocks.size(), static_cast<size_t>(20 - first) * 50);
    EXPECT_EQ(document_.blocks.front().millis, first * 2000);
  }
}

TEST_F(ArchiveSeekTest, AsksForFewFragmentsFirst) {
  for (int i = 0; i < 20; ++i) {
    add(std::to_string(100 + i), i * 2000, 50);
  }
  ArchiveReader reader(client_, tenMinutesOptions());
  readBlocks(reader, 1);
  const size_t before = archive_.mediaRequests().size();
  reader.seek(Millis(10'000));
  readBlocks(reader, 1);
  ASSERT_EQ(archive_.mediaRequests().size(), before + 1);
  EXPECT_EQ(archive_.mediaRequests().back().size(), 5U);
  EXPECT_EQ(archive_.mediaRequests().back().front(), "105");
}

TEST_F(ArchiveSeekTest, WhatIsKnownIsNotListedAgain) {
  for (int i = 0; i < 1800; ++i) {
    add(std::to_string(10'000 + i), i * 2000, 50);
  }
  ArchiveOptions options = tenMinutesOptions();
  options.selector.end = unixTimeFromMillis(kBegin + 3'600'000);
  ArchiveReader reader(client_, options);
  readBlocks(reader, 1);
  /// Begin of the first listing behind a seek, less kBegin; -1 if there is none.
  const auto listedFrom = [&](int ms) {
    archive_.listing.clearRequests();
    reader.seek(Millis(ms));
    readBlocks(reader, 1);
    const auto& requests = archive_.listing.requests();
    return requests.empty() ? -1 : requests.front().start - kBegin;
  };
  EXPECT_EQ(listedFrom(30'000), -1);
  EXPECT_EQ(listedFrom(2'500'000), 2'480'000);
  EXPECT_EQ(listedFrom(2'400'000), 2'380'000);
  EXPECT_EQ(listedFrom(2'402'500), -1);
  reader.seek(Millis(2'400'000));
  readRest(reader);
  EXPECT_EQ(document_.blocks.size(), 600U * 50);
  for (const int ms : {2'400'000, 2'430'500, 3'599'000}) {
    EXPECT_EQ(listedFrom(ms), -1) << ms;
    reader.seek(Millis(ms));
    readRest(reader);
    EXPECT_EQ(document_.blocks.size(), (1800U - ms / 2000) * 50);
    EXPECT_EQ(document_.blocks.front().millis, ms / 2000 * 2000);
  }
  EXPECT_EQ(listedFrom(2'399'999), 2'379'999);
  EXPECT_EQ(listedFrom(0), -20'000);
}

/// Fragments of one time, as producers without a clock have them: none is lost in between.
TEST_F(ArchiveSeekTest, TheBeginningHasAllOfOneTime) {
  add("1", 0);
  add("2", 0);
  add("3", 2000);
  ArchiveOptions options = tenMinutesOptions();
  options.duplicates = Duplicates::kAll;
  ArchiveReader reader(client_, options);
  const Document linear = test::readDocument(readAll(reader, cancel_).document);
  reader.seek(std::nullopt);
  readRest(reader);
  EXPECT_EQ(document_.times(), linear.times());
  EXPECT_EQ(document_.blocks.size(), 6U);
}

TEST_F(ArchiveSeekTest, CountsWhatWasReachedAndNotWhatWasListed) {
  for (int i = 0; i < 20; ++i) {
    add(std::to_string(100 + i), i * 2000, 50);
  }
  ArchiveReader reader(client_, tenMinutesOptions());
  readBlocks(reader, 125);  // two and a half fragments
  reader.seek(Millis(30'000));
  readRest(reader);
  EXPECT_EQ(reader.ledger().delivered, 2U + 5U);
  EXPECT_EQ(reader.ledger().listed, 2U + 5U);
  EXPECT_EQ(reader.ledger().frames, 125U + 250U);
}

TEST_F(ArchiveSeekTest, TheDocumentHasCuesAndADurationIfWanted) {
  add("1", 0, 50);
  ArchiveOptions options = tenMinutesOptions();
  ArchiveReader seekable(client_, options);
  const Document with = test::readDocument(readAll(seekable, cancel_).document);
  EXPECT_EQ(with.problem, "");
  EXPECT_EQ(with.duration, 600'000);
  ASSERT_EQ(with.cues.size(), 601U);
  for (size_t i = 0; i < with.cues.size(); ++i) {
    EXPECT_EQ(with.cues[i].millis, i * 1000);
    EXPECT_EQ(with.cues[i].track, 127U);
    EXPECT_EQ(seekable.seekGrid()->timeAt(with.cues[i].offset), Millis(i * 1000));
  }
  options.trimEnd = false;  // the last fragment may last beyond the range
  ArchiveReader untrimmed(client_, options);
  EXPECT_EQ(test::readDocument(readAll(untrimmed, cancel_).document).duration, 620'000);
  options.seekable = false;
  ArchiveReader plain(client_, options);
  const Document without = test::readDocument(readAll(plain, cancel_).document);
  EXPECT_EQ(without.duration, std::nullopt);
  EXPECT_TRUE(without.cues.empty());
  EXPECT_FALSE(plain.seekGrid());
}

}  // namespace
}  // namespace kvsarchive::archive
