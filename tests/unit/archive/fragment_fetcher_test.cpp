// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/fragment_fetcher.h"

#include <algorithm>

#include "archive_test_util.h"
#include "support/ebml_bytes.h"
#include "support/heap_meter.h"
#include "support/log_capture.h"

namespace kvsarchive::archive {
namespace {

constexpr size_t kMiB = size_t{1} << 20;

class FragmentFetcherTest : public ArchiveTest {
 protected:
  FragmentFetcherTest() {
    add("1", 0);
    add("2", 2000);
    add("3", 4000);
  }

  static kvs::Fragment fragment(const std::string& number) {
    kvs::Fragment fragment;
    fragment.number = number;
    fragment.producerTimestamp = unixTimeFromMillis(kBegin);
    return fragment;
  }

  /// "[1 b b ] (2 gone) end" for two blocks of fragment 1 and a missing fragment 2.
  std::string fetch(const std::vector<std::string>& numbers = {"1", "2", "3"}) {
    std::vector<kvs::Fragment> batch;
    for (const std::string& number : numbers) {
      batch.push_back(fragment(number));
    }
    fetcher_.start(std::move(batch));
    return takeAll();
  }

  std::string takeAll() {
    std::string text;
    for (;;) {
      auto event = fetcher_.next(cancel_);
      if (!event) {
        error_ = event.error();
        return text + "error";
      }
      if (const auto* begin = std::get_if<FragmentBegin>(&*event)) {
        text += "[" + begin->fragment.number + " ";
        begins_.push_back(*begin);
      } else if (std::holds_alternative<matroska::ChunkBlock>(*event)) {
        text += "b ";
      } else if (const auto* missing = std::get_if<FragmentMissing>(&*event)) {
        text += "(" + missing->fragment.number + ": " + missing->reason + ") ";
      } else if (std::holds_alternative<FragmentEnd>(*event)) {
        text += "] ";
      } else {
        return text + "end";
      }
    }
  }

  std::string chunk(const std::string& number) { return archive_.chunks[number]; }
  void answer(const std::string& body) {
    archive_.media = [body](const auto&) { return body; };
  }

  FragmentFetcher fetcher_{client_};
  std::vector<FragmentBegin> begins_;
  Error error_;
};

TEST_F(FragmentFetcherTest, HandsOnWhatWasAskedFor) {
  EXPECT_EQ(fetch(), "[1 b b ] [2 b b ] [3 b b ] end");
  EXPECT_EQ(archive_.mediaRequests().size(), 1U);
  EXPECT_EQ(archive_.mediaRequests()[0], (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(begins_[1].header.tags.fragmentNumber, "2");
  EXPECT_EQ(fetcher_.receivedBytes(), (chunk("1") + chunk("2") + chunk("3")).size());
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

TEST_F(FragmentFetcherTest, AMissingChunkIsMissingOnceTheAnswerEnds) {
  answer(chunk("1") + chunk("3"));
  EXPECT_EQ(fetch(), "[1 b b ] (2: it is not in the service's answer) [3 b b ] end");
  answer("");
  EXPECT_EQ(fetch({"1"}), "(1: it is not in the service's answer) end");
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

TEST_F(FragmentFetcherTest, NotFoundInBandIsMissingInBothFamilies) {
  answer(chunk("1") + test::wireErrorChunk("2", "3000", "FRAGMENT_NOT_FOUND") + chunk("3"));
  EXPECT_EQ(fetch(), "[1 b b ] (2: FRAGMENT_NOT_FOUND 3000) [3 b b ] end");
  answer(test::documentedErrorChunk("1", "4000", "the fragment is not there") + chunk("2"));
  EXPECT_EQ(fetch({"1", "2"}), "(1: 4000 the fragment is not there) [2 b b ] end");
}

TEST_F(FragmentFetcherTest, KeyErrorsInBandAreNotAuthorized) {
  for (int id = 4500; id <= 4506; ++id) {
    answer(chunk("1") + test::documentedErrorChunk("2", std::to_string(id), "no key") + chunk("3"));
    EXPECT_EQ(fetch(), "[1 b b ] error");
    EXPECT_EQ(error_.kind, ErrorKind::kNotAuthorized);
    EXPECT_EQ(error_.awsCode, std::to_string(id));
    EXPECT_EQ(error_.operation, "GetMediaForFragmentList");
    EXPECT_NE(error_.message.find("no key; the caller needs kms:Decrypt on the stream's key (fragment 2 of 2026-03-01T10:00:00.000Z)"),
              std::string::npos)
        << error_.message;
  }
}

TEST_F(FragmentFetcherTest, OtherErrorsInBandAreReadErrors) {
  answer(test::wireErrorChunk("2", "5000", "INTERNAL_ERROR") + chunk("1") + chunk("3"));
  EXPECT_EQ(fetch(), "error");
  EXPECT_EQ(error_.kind, ErrorKind::kRead);
  EXPECT_EQ(error_.awsCode, "INTERNAL_ERROR");
  EXPECT_NE(error_.message.find("INTERNAL_ERROR 5000 (fragment 2 of"), std::string::npos)
      << error_.message;
  EXPECT_EQ(takeAll(), "error");
}

TEST_F(FragmentFetcherTest, AnErrorInBandWithoutANumberIsToldAsWhatItIs) {
  answer(test::errorChunk({{"AWS_KINESISVIDEO_EXCEPTION_ERROR_CODE", "4501"},
                           {"AWS_KINESISVIDEO_EXCEPTION_MESSAGE", "the key is disabled"}}));
  EXPECT_EQ(fetch(), "error");
  EXPECT_EQ(error_.kind, ErrorKind::kNotAuthorized);
  EXPECT_NE(error_.message.find("the key is disabled"), std::string::npos) << error_.message;
}

TEST_F(FragmentFetcherTest, AChunkWithoutANumberIsRefused) {
  test::ChunkSpec spec = test::simpleChunk("1", kBegin, 2);
  spec.serviceTags = false;
  answer(test::buildChunk(spec));
  EXPECT_EQ(fetch(), "error");
  EXPECT_EQ(error_.kind, ErrorKind::kDecode);
}

TEST_F(FragmentFetcherTest, AChunkWithoutMediaIsMissing) {
  test::ChunkSpec spec = test::simpleChunk("1", kBegin, 2);
  spec.clusters.clear();
  answer(test::buildChunk(spec) + chunk("2"));
  EXPECT_EQ(fetch({"1", "2"}), "(1: its chunk has no media) [2 b b ] end");
}

TEST_F(FragmentFetcherTest, AFragmentWithoutFramesBeginsAndEnds) {
  test::ChunkSpec spec = test::simpleChunk("1", kBegin, 0);
  answer(test::buildChunk(spec) + chunk("2"));
  EXPECT_EQ(fetch({"1", "2"}), "[1 ] [2 b b ] end");
  EXPECT_EQ(begins_[0].earliestTicks, 0);
}

TEST_F(FragmentFetcherTest, TellsTheEarliestBlockAndTagsBehindTheMedia) {
  test::ChunkSpec spec = test::simpleChunk("1", kBegin, 4);
  spec.clusters[0].blocks[2].offset = -80;
  spec.afterClusters = test::tagsElement({{"site", "north"}});
  answer(test::buildChunk(spec));
  EXPECT_EQ(fetch({"1"}), "[1 b b b b ] end");
  EXPECT_EQ(begins_[0].earliestTicks, -80);
  ASSERT_EQ(begins_[0].header.tags.producer.size(), 1U);
  EXPECT_EQ(begins_[0].header.tags.producer[0].value, "north");
}

TEST_F(FragmentFetcherTest, ABodyThatBreaksOffIsAnErrorAfterAllFramesThatAreWhole) {
  archive_.mediaEnd = makeError(ErrorKind::kRead, "the connection broke");
  const std::string body = chunk("1") + chunk("2");
  const struct {
    size_t cut;
    const char* events;
  } cases[] = {{body.size(), "[1 b b ] [2 b b error"},
               {body.size() - 1, "[1 b b ] [2 b error"},
               {chunk("1").size() + 100, "[1 b b ] error"}};
  for (const auto& c : cases) {
    answer(body.substr(0, c.cut));
    EXPECT_EQ(fetch(), c.events);
    EXPECT_EQ(error_.kind, ErrorKind::kRead);
    EXPECT_NE(error_.message.find("the connection broke (fragment 2 of"), std::string::npos)
        << error_.message;
  }
}

TEST_F(FragmentFetcherTest, ACleanEndInsideAChunkIsAnError) {
  const std::string body = chunk("1") + chunk("2");
  answer(body.substr(0, body.size() - 1));
  fetch();
  EXPECT_EQ(error_.kind, ErrorKind::kRead);
  EXPECT_NE(error_.message.find("fragment 2 of"), std::string::npos) << error_.message;
}

TEST_F(FragmentFetcherTest, AnErrorNamesTheFragmentThatWasBeingReceived) {
  answer(chunk("2") + "junk behind it is part of the chunk, cut off \x42");
  fetch();
  EXPECT_NE(error_.message.find("fragment 2 of"), std::string::npos) << error_.message;
  answer(chunk("1") + chunk("3") + test::errorChunk({}));
  fetch();
  EXPECT_NE(error_.message.find("fragment 2 of"), std::string::npos) << error_.message;
}

TEST_F(FragmentFetcherTest, ErrorsOfTheRequestAreTold) {
  answer("");
  archive_.mediaEnd = makeError(ErrorKind::kOpenRead, "no answer");
  EXPECT_EQ(fetch(), "error");
  EXPECT_EQ(error_.kind, ErrorKind::kOpenRead);
}

TEST_F(FragmentFetcherTest, MediaThatEndsInAnErrorTagIsNotComplete) {
  test::ChunkSpec spec = test::simpleChunk("1", kBegin, 2);
  spec.afterClusters = test::tagsElement({{"AWS_KINESISVIDEO_EXCEPTION_ERROR_CODE", "5000"}});
  answer(test::buildChunk(spec));
  const std::string events = fetch({"1"});
  EXPECT_EQ(events.find("]"), std::string::npos) << events;
  EXPECT_EQ(error_.kind, ErrorKind::kRead);
}

TEST_F(FragmentFetcherTest, ALargeFragmentFlowsBeforeItIsComplete) {
  test::ChunkSpec spec = test::simpleChunk("2", kBegin, 10);
  for (test::BlockSpec& block : spec.clusters[0].blocks) {
    block.payload.assign(kMiB, 'x');
  }
  const std::string large = test::buildChunk(spec);
  answer(chunk("1") + large.substr(0, large.size() - 10));
  const std::string events = fetch({"1", "2"});
  EXPECT_EQ(events, "[1 b b ] [2 b b b b b b b b b error");
}

TEST_F(FragmentFetcherTest, AnErrorTagBehindMediaThatWentOutIsAnError) {
  test::ChunkSpec spec = test::simpleChunk("2", kBegin, 10);
  for (test::BlockSpec& block : spec.clusters[0].blocks) {
    block.payload.assign(kMiB, 'x');
  }
  spec.afterClusters = test::tagsElement({{"AWS_KINESISVIDEO_ERROR_ID", "3000"}});
  answer(chunk("1") + test::buildChunk(spec) + chunk("3"));
  archive_.cut = [](const std::string& body) {
    std::vector<Bytes> pieces;
    for (size_t at = 0; at < body.size(); at += kMiB / 2) {
      pieces.push_back(Bytes::copyOf(body.substr(at, kMiB / 2)));
    }
    return pieces;
  };
  const std::string events = fetch();
  EXPECT_EQ(events, "[1 b b ] [2 b b b b b b b b b b error");
  EXPECT_EQ(error_.kind, ErrorKind::kRead);
}

TEST_F(FragmentFetcherTest, HoldsABoundedAmountOutOfOrder) {
  for (const size_t payload : {size_t{1}, kMiB}) {
    test::ChunkSpec spec = test::simpleChunk("2", kBegin, 1);
    spec.clusters[0].blocks[0].payload.assign(payload, 'x');
    const std::string start = test::buildChunk(spec);
    std::string piece;
    while (piece.size() < kMiB) {
      piece += test::blockElement(spec.clusters[0].blocks[0]);
    }
    archive_.cut = [&](const std::string&) {
      // Views of one slab: a body that goes on for 2 GiB need not be held by the test.
      std::vector<Bytes> pieces(2048, Bytes::copyOf(piece));
      pieces[0] = Bytes::copyOf(start);
      return pieces;
    };
    const test::HeapMeter heap;
    EXPECT_EQ(fetch({"1", "2"}), "error") << payload;
    EXPECT_EQ(error_.kind, ErrorKind::kRead);
    EXPECT_LT(heap.peak(), 400 * kMiB) << payload;
  }
}

TEST_F(FragmentFetcherTest, WhatIsHandedOnIsNotHeld) {
  test::ChunkSpec spec = test::simpleChunk("1", kBegin, 1);
  spec.clusters[0].blocks[0].payload.assign(kMiB, 'x');
  const std::string start = test::buildChunk(spec);
  const std::string piece = test::blockElement(spec.clusters[0].blocks[0]);
  archive_.cut = [&](const std::string&) {
    std::vector<Bytes> pieces(200, Bytes::copyOf(piece));
    pieces[0] = Bytes::copyOf(start);
    return pieces;
  };
  const std::string events = fetch({"1"});
  EXPECT_EQ(std::count(events.begin(), events.end(), 'b'), 200);
  EXPECT_EQ(events.substr(events.size() - 5), "] end");
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
