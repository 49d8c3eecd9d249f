// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/fragment_fetcher.h"

#include "fetcher_test_util.h"
#include "support/ebml_bytes.h"
#include "support/heap_meter.h"
#include "support/log_capture.h"

namespace kvsarchive::archive {
namespace {

class FragmentFetcherTest : public FetcherTest {};

TEST_F(FragmentFetcherTest, HandsOnWhatWasAskedFor) {
  EXPECT_EQ(fetch(), "[1 b b ] [2 b b ] [3 b b ] end");
  EXPECT_EQ(requestsAfter(0), (std::vector<std::string>{"1,2,3"}));
  EXPECT_EQ(begins_[1].header.tags.fragmentNumber, "2");
  EXPECT_EQ(fetcher_->receivedBytes(), (chunk("1") + chunk("2") + chunk("3")).size());
}

TEST_F(FragmentFetcherTest, AnyOrderOfChunksGivesTheOrderAskedFor) {
  for (const std::string_view order : {"132", "213", "231", "312", "321"}) {
    std::string body;
    for (const char number : order) {
      body += chunk(std::string(1, number));
    }
    answer(body);
    EXPECT_EQ(fetch(), "[1 b b ] [2 b b ] [3 b b ] end") << order;
  }
}

TEST_F(FragmentFetcherTest, ChunksThatAreThereTwiceOrNotAskedForAreLeftOut) {
  const test::LogCapture log;
  answer(chunk("1") + chunk("1") + chunk("3") + chunk("2"));
  EXPECT_EQ(fetch({"1", "2"}), "[1 b b ] [2 b b ] end");
  EXPECT_NE(log.text().find("fragment 1 twice"), std::string::npos) << log.text();
  EXPECT_NE(log.text().find("fragment 3 twice or without being asked"), std::string::npos);
}

TEST_F(FragmentFetcherTest, AChunkAfterAllOfTheBatchIsLeftOut) {
  answer(chunk("1") + chunk("2") + chunk("2"));
  EXPECT_EQ(fetch({"1", "2"}), "[1 b b ] [2 b b ] end");
}

TEST_F(FragmentFetcherTest, GarbageAfterAllOfTheBatchDoesNoHarm) {
  answer(chunk("1") + chunk("2") + chunk("2") + "garbage");
  EXPECT_EQ(fetch({"1", "2"}), "[1 b b ] [2 b b ] end");
}

TEST_F(FragmentFetcherTest, AFragmentWithoutFramesBeginsAndEnds) {
  archive_.chunks["1"] = test::buildChunk(test::simpleChunk("1", kBegin, 0));
  EXPECT_EQ(fetch({"1", "2"}), "[1 ] [2 b b ] end");
  EXPECT_EQ(begins_[0].earliestTicks, 0);
}

TEST_F(FragmentFetcherTest, TellsTheEarliestBlockAndTagsBehindTheMedia) {
  test::ChunkSpec spec = test::simpleChunk("1", kBegin, 4);
  spec.clusters[0].blocks[2].offset = -80;
  spec.afterClusters = test::tagsElement({{"site", "north"}});
  archive_.chunks["1"] = test::buildChunk(spec);
  EXPECT_EQ(fetch({"1"}), "[1 b b b b ] end");
  EXPECT_EQ(begins_[0].earliestTicks, -80);
  ASSERT_EQ(begins_[0].header.tags.producer.size(), 1U);
  EXPECT_EQ(begins_[0].header.tags.producer[0].value, "north");
}

TEST_F(FragmentFetcherTest, ALargeFragmentFlowsBeforeItIsComplete) {
  archive_.chunks["2"] = largeChunk("2");
  cutIntoPieces(kMiB / 2);
  fetch({"1"});
  CancelToken cancel;
  archive_.token = &cancel;
  fetcher_->start({fragment("2")});
  archive_.cancelAt = archive_.calls() + 12;  // of some 20 pieces
  auto event = next(*fetcher_, cancel);
  ASSERT_TRUE(event.ok()) << event.error().message;
  EXPECT_TRUE(std::holds_alternative<FragmentBegin>(*event));
  event = next(*fetcher_, cancel);
  ASSERT_TRUE(event.ok()) << event.error().message;
  EXPECT_TRUE(std::holds_alternative<FragmentBlocks>(*event));
}

TEST_F(FragmentFetcherTest, WhatIsHandedOnIsNotHeld) {
  test::ChunkSpec spec = test::simpleChunk("1", kBegin, 1);
  spec.clusters[0].blocks[0].payload.assign(kMiB, 'x');
  const std::string start = test::buildChunk(spec);
  const std::string piece = test::blockElement(spec.clusters[0].blocks[0]);
  archive_.cut = [&](const std::string&) {
    std::vector<Bytes> pieces(120, Bytes::copyOf(piece));
    pieces[0] = Bytes::copyOf(start);
    return pieces;
  };
  listedBytes_ = 60 * kMiB;
  const test::HeapMeter heap;
  const std::string events = fetch({"1"});
  EXPECT_EQ(std::count(events.begin(), events.end(), 'b'), 120);
  EXPECT_EQ(events.substr(events.size() - 5), "] end");
}

TEST_F(FragmentFetcherTest, MoreThanCanBeHeldOutOfOrderIsAskedForOneByOne) {
  listedBytes_ = 50 * kMiB;
  for (const size_t payload : {size_t{200}, kMiB}) {
    test::ChunkSpec spec = test::simpleChunk("2", kBegin, 1);
    spec.clusters[0].blocks[0].payload.assign(payload, 'x');
    const std::string start = test::buildChunk(spec);
    std::string piece;
    while (piece.size() < kMiB) {
      piece += test::blockElement(spec.clusters[0].blocks[0]);
    }
    const size_t before = archive_.mediaRequests().size();
    archive_.media = nullptr;
    archive_.cut = [&](const std::string& body) {
      if (archive_.mediaRequests().size() > before + 1) {
        return std::vector<Bytes>{Bytes::copyOf(body)};
      }
      // Views of one slab: a body that goes on for 2 GiB need not be held by the test.
      std::vector<Bytes> pieces(2048, Bytes::copyOf(piece));
      pieces[0] = Bytes::copyOf(start);
      return pieces;
    };
    const test::HeapMeter heap;
    fetch({"1", "2"});
    EXPECT_LT(heap.peak(), 400 * kMiB) << payload;
    const auto requests = requestsAfter(before);
    ASSERT_GE(requests.size(), 3U) << payload;
    EXPECT_EQ(requests[0], "1,2");
    EXPECT_EQ(requests[1], "1");
  }
}

TEST_F(FragmentFetcherTest, AnAnswerWithoutAnEndIsRefused) {
  const std::string start = chunk("1");
  test::BlockSpec block;
  block.payload.assign(10'000, 'x');
  const std::string piece = test::blockElement(block);
  std::string megabyte;
  while (megabyte.size() < kMiB) {
    megabyte += piece;
  }
  archive_.cut = [&](const std::string&) {
    std::vector<Bytes> pieces(2048, Bytes::copyOf(megabyte));
    pieces[0] = Bytes::copyOf(start);
    return pieces;
  };
  const test::HeapMeter heap;
  const std::string events = fetch({"1"});
  EXPECT_EQ(
      events,
      "(1 unreadable: The service's answer goes on after 64 MiB, far more than was asked for) "
      "end");
  EXPECT_LT(heap.peak(), 400 * kMiB);
}

TEST_F(FragmentFetcherTest, ACancelLosesNothing) {
  archive_.token = &cancel_;
  fetch();  // asks for the endpoint, which is known from then on
  const size_t before = archive_.calls();
  const std::string expected = fetch();
  const size_t calls = archive_.calls() - before;
  ASSERT_EQ(calls, 3U);  // head, media, end
  for (size_t call = 0; call < calls; ++call) {
    archive_.cancelAt = archive_.calls() + call;
    const std::string first = fetch();
    ASSERT_EQ(first.substr(first.size() - 5), "error") << call;
    ASSERT_EQ(error_.kind, ErrorKind::kCancelled);
    cancel_.reset();
    EXPECT_EQ(first.substr(0, first.size() - 5) + takeAll(), expected) << call;
  }
}

}  // namespace
}  // namespace kvsarchive::archive
