// SPDX-License-Identifier: LGPL-2.1-or-later
// What a FragmentFetcher does when answers are not what was asked for. Clients of these tests make
// two more attempts after a failed one, so a fragment is asked for three times in vain.
#include <random>

#include "archive/fragment_fetcher.h"
#include "fetcher_test_util.h"
#include "support/effort.h"

namespace kvsarchive::archive {
namespace {

class FragmentRecoveryTest : public FetcherTest {
 protected:
  static constexpr const char* kAll = "[1 b b ] [2 b b ] [3 b b ] end";
  using Requests = std::vector<std::string>;

  FragmentRecoveryTest() : all_(chunk("1") + chunk("2") + chunk("3")) {}

  /// Lets sizes be known as exact.
  void learnSizes() {
    ASSERT_EQ(fetch(), kAll);
    begins_.clear();
  }

  std::string all_;
};

TEST_F(FragmentRecoveryTest, ABodyCutAtAnyByteIsAskedForTheRest) {
  fetch();
  const std::string expected = payloads_;
  const size_t second = chunk("1").size();
  const size_t third = second + chunk("2").size();
  for (const bool clean : {false, true}) {
    for (size_t length = 0; length < all_.size(); ++length) {
      const std::string start = all_.substr(0, length);
      answers({clean ? test::FakeMedia(start) : test::FakeMedia(start, test::brokenConnection())});
      const size_t before = archive_.mediaRequests().size();
      ASSERT_EQ(fetch(), kAll) << length;
      ASSERT_TRUE(payloads_ == expected) << length;
      const Requests requests = requestsAfter(before);
      ASSERT_EQ(requests.size(), 2U) << length;
      // A fragment is known to be complete by the next one's header or the proper end.
      const size_t header = clean && (length == second || length == third) ? 0 : 5;
      ASSERT_EQ(requests[1], length >= third + header    ? "3"
                             : length >= second + header ? "2,3"
                                                         : "1,2,3")
          << length;
    }
  }
}

TEST_F(FragmentRecoveryTest, AChunkThatLacksItsEndIsAskedForAgain) {
  learnSizes();
  const std::string expected = payloads_;
  for (const bool sizesKnown : {true, false}) {
    for (size_t length = 0; length < chunk("1").size(); ++length) {
      fetcher_ = sizesKnown ? std::move(fetcher_) : newFetcher();
      const size_t before = archive_.mediaRequests().size();
      answers({chunk("1").substr(0, length) + chunk("2") + chunk("3")});
      ASSERT_EQ(fetch(), kAll) << length;
      ASSERT_TRUE(payloads_ == expected) << length;
      ASSERT_GE(requestsAfter(before).size(), 2U) << length;
    }
  }
}

TEST_F(FragmentRecoveryTest, AFragmentOfWhichBlocksWentOutGoesOnAtTheNextOne) {
  archive_.chunks["2"] = largeChunk("2");
  cutIntoPieces(kMiB / 2);
  ASSERT_EQ(fetch({"1", "2", "3"}), "[1 b b ] [2 b b b b b b b b b b ] [3 b b ] end");
  const std::string expected = payloads_;
  const std::string body = chunk("1") + chunk("2") + chunk("3");
  const size_t step = body.size() / test::effort(30);
  for (size_t length = chunk("1").size() + 100; length < body.size(); length += step) {
    answers({test::FakeMedia(body.substr(0, length), test::brokenConnection())});
    begins_.clear();
    ASSERT_EQ(fetch(), "[1 b b ] [2 b b b b b b b b b b ] [3 b b ] end") << length;
    ASSERT_TRUE(payloads_ == expected) << length;
    ASSERT_EQ(begins_.size(), 3U) << length;
  }
}

TEST_F(FragmentRecoveryTest, AttemptsWithoutProgressAreCountedAndThenToldWithTheFragment) {
  answer(test::FakeMedia(chunk("1") + chunk("2").substr(0, 100), test::brokenConnection()));
  EXPECT_EQ(fetch(), "[1 b b ] error");
  EXPECT_EQ(error_.kind, ErrorKind::kRead);
  EXPECT_NE(error_.message.find("the connection broke (fragment 2 of 2026-03-01T10:00:00.000Z), "
                                "after 3 attempts"),
            std::string::npos)
      << error_.message;
  EXPECT_EQ(error_.operation, "GetMediaForFragmentList");
  EXPECT_EQ(error_.httpStatus, 200);
  EXPECT_EQ(error_.requestId, "request-1");
  EXPECT_EQ(requestsAfter(0), (Requests{"1,2,3", "2,3", "2,3"}));
  EXPECT_EQ(takeAll(), "error");
}

TEST_F(FragmentRecoveryTest, ProgressBeginsTheCountAnew) {
  // Every other answer brings a fragment before it breaks off; two attempts in vain are allowed.
  archive_.media = [this](const Numbers& numbers) {
    const size_t request = archive_.mediaRequests().size();
    const std::string body = archive_.body(numbers);
    return request % 2 == 0
               ? test::FakeMedia(body.substr(0, chunk("1").size() + 10), test::brokenConnection())
               : test::FakeMedia("", test::brokenConnection());
  };
  EXPECT_EQ(fetch(), "[1 b b ] [2 b b ] [3 b b error");
  EXPECT_EQ(requestsAfter(0).size(), 8U);
}

TEST_F(FragmentRecoveryTest, WholeFramesBeforeAFailureGoOut) {
  const std::string body = chunk("1") + chunk("2");
  const struct {
    size_t cut;
    const char* events;
  } cases[] = {{body.size(), "[1 b b ] [2 b b error"},
               {body.size() - 1, "[1 b b ] [2 b error"},
               {chunk("1").size() + 100, "[1 b b ] error"}};
  for (const auto& c : cases) {
    answer(test::FakeMedia(body.substr(0, c.cut), test::brokenConnection()));
    EXPECT_EQ(fetch({"1", "2"}), c.events);
  }
}

TEST_F(FragmentRecoveryTest, FatalErrorsAreNotTriedAgain) {
  Error fatal = makeError(ErrorKind::kNotAuthorized, "no");
  answer(test::FakeMedia(chunk("1"), fatal));
  EXPECT_EQ(fetch(), "[1 b b error");  // its end was not seen
  EXPECT_EQ(error_.kind, ErrorKind::kNotAuthorized);
  EXPECT_EQ(requestsAfter(0).size(), 1U);
}

TEST_F(FragmentRecoveryTest, AConnectionThatRestedMayBreakAtNoCost) {
  archive_.chunks["1"] = largeChunk("1");
  cutIntoPieces(kMiB / 2);
  kvs::ClientOptions once = clientOptions();
  once.retry.retries = 0;
  kvs::ArchivedMediaClient client(once, archive_, credentials_, clock_);
  for (const bool rested : {false, true}) {
    fetcher_ = std::make_unique<FragmentFetcher>(client, RangeTrim(tenMinutes(), false, false),
                                                 FetchLimits{1, 64 * kMiB});
    archive_.media = nullptr;
    fetcher_->start({fragment("2")});  // the first fragment would be held until it is complete
    ASSERT_EQ(takeAll(), "[2 b b ] end");
    answers({test::FakeMedia(chunk("1").substr(0, 7 * kMiB), test::brokenConnection())});
    fetcher_->start({fragment("1")});
    ASSERT_TRUE(next(*fetcher_).ok());  // begins
    ASSERT_TRUE(next(*fetcher_).ok());  // first block
    clock_.advance(std::chrono::seconds(rested ? 6 : 4));
    EXPECT_EQ(takeAll(), rested ? "b b b b b b b b b ] end" : "b b b b b error");
  }
}

// --- what the service has not ---

TEST_F(FragmentRecoveryTest, WhatIsNotInAnyAnswerIsSkipped) {
  archive_.chunks.erase("2");
  listedBytes_ = 1;
  EXPECT_EQ(fetch(), "[1 b b ] (2: it is not in the service's answer) [3 b b ] end");
  EXPECT_EQ(requestsAfter(0), (Requests{"1,2,3", "2", "2", "2"}));
}

TEST_F(FragmentRecoveryTest, AnswersWithNothingAtAllAreAnErrorAndNotMissingFragments) {
  answer(test::FakeMedia(""));
  EXPECT_EQ(fetch(), "error");
  EXPECT_EQ(error_.kind, ErrorKind::kRead);
  EXPECT_NE(error_.message.find("nothing that was asked for (fragment 1 of"), std::string::npos)
      << error_.message;
  answer(test::buildChunk(test::simpleChunk("99", kBegin, 2)));  // another stream's
  EXPECT_EQ(fetch(), "error");
  // Where one fragment is all that is wanted they count against it, but not against the next too.
  answer(test::FakeMedia(""));
  EXPECT_EQ(fetch({"1"}), "(1: it is not in the service's answer) end");
  EXPECT_EQ(fetch({"2"}), "error");
  archive_.media = nullptr;
  EXPECT_EQ(fetch({"3"}), "[3 b b ] end");
}

TEST_F(FragmentRecoveryTest, ARequestOfTooManyFragmentsIsHalved) {
  size_t limit = 2;
  archive_.media = [&](const Numbers& numbers) {
    test::FakeMedia answer(archive_.body(numbers));
    if (numbers.size() > limit) {
      answer.body = R"({"__type":"FragmentLimitExceededException","message":"too many"})";
      answer.status = 400;
    }
    return answer;
  };
  EXPECT_EQ(fetch(), kAll);
  EXPECT_EQ(requestsAfter(0), (Requests{"1,2,3", "1", "2", "3"}));
  limit = 0;
  EXPECT_EQ(fetch(), "error");
  EXPECT_EQ(error_.message, "FragmentLimitExceededException: too many");
}

TEST_F(FragmentRecoveryTest, NotFoundInBandIsSkippedInBothFamilies) {
  archive_.chunks["2"] = test::wireErrorChunk("2", "3000", "FRAGMENT_NOT_FOUND");
  EXPECT_EQ(fetch(), "[1 b b ] (2: FRAGMENT_NOT_FOUND 3000) [3 b b ] end");
  EXPECT_EQ(requestsAfter(0), (Requests{"1,2,3", "2", "2"}));
  archive_.chunks["1"] = test::documentedErrorChunk("1", "4000", "the fragment is not there");
  EXPECT_EQ(fetch({"1", "3"}), "(1: 4000 the fragment is not there) [3 b b ] end");
}

TEST_F(FragmentRecoveryTest, NotFoundAtFirstIsFetchedLater) {
  for (size_t times = 1; times <= 2; ++times) {
    const std::string gone = test::wireErrorChunk("2", "3000", "FRAGMENT_NOT_FOUND");
    std::vector<test::FakeMedia> bodies(times, gone);
    bodies[0].body = chunk("1") + gone + chunk("3");
    answers(bodies);
    EXPECT_EQ(fetch(), kAll) << times;
  }
}

TEST_F(FragmentRecoveryTest, AChunkWithoutMediaIsMissing) {
  test::ChunkSpec spec = test::simpleChunk("1", kBegin, 2);
  spec.clusters.clear();
  archive_.chunks["1"] = test::buildChunk(spec);
  EXPECT_EQ(fetch({"1", "2"}), "(1: its chunk has no media) [2 b b ] end");
}

TEST_F(FragmentRecoveryTest, TheRestOfAFragmentThatGoesMissingIsCutShort) {
  const std::string large = largeChunk("2");
  cutIntoPieces(kMiB / 2);
  const std::string gone = test::wireErrorChunk("2", "3000", "FRAGMENT_NOT_FOUND");
  answers({test::FakeMedia(chunk("1") + large.substr(0, 7 * kMiB), test::brokenConnection()),
           gone + chunk("3"), gone, gone});
  EXPECT_EQ(fetch(), "[1 b b ] [2 b b b b b b cut short: FRAGMENT_NOT_FOUND 3000] [3 b b ] end");
}

TEST_F(FragmentRecoveryTest, MediaThatEndsInANotFoundIsTakenOnce) {
  test::ChunkSpec spec = test::simpleChunk("1", kBegin, 2);
  spec.afterClusters = test::tagsElement({{"AWS_KINESISVIDEO_ERROR_ID", "3000"}});
  answers({test::buildChunk(spec) + chunk("2") + chunk("3")});
  EXPECT_EQ(fetch(), kAll);
  EXPECT_EQ(requestsAfter(0), (Requests{"1,2,3", "1"}));
  // For good: what there is goes out.
  answer(test::buildChunk(spec) + chunk("2"));
  EXPECT_EQ(fetch({"1", "2"}), "[1 b b cut short: 3000] [2 b b ] end");
}

// --- errors in band ---

TEST_F(FragmentRecoveryTest, ErrorsInBandAreTriedAgainAndThenTold) {
  const std::string failed = test::wireErrorChunk("2", "5000", "INTERNAL_ERROR");
  answers({chunk("1") + failed + chunk("3"), failed});
  EXPECT_EQ(fetch(), kAll);
  answer(chunk("1") + failed + chunk("3"));
  EXPECT_EQ(fetch(), "[1 b b ] error");
  EXPECT_EQ(error_.kind, ErrorKind::kRead);
  EXPECT_EQ(error_.awsCode, "INTERNAL_ERROR");
  EXPECT_NE(error_.message.find("INTERNAL_ERROR 5000 (fragment 2 of"), std::string::npos)
      << error_.message;
}

TEST_F(FragmentRecoveryTest, KeyErrorsInBandAreNotAuthorizedAtOnce) {
  for (const int id : {4500, 4501, 4502, 4504, 4505, 4506}) {
    const size_t before = archive_.mediaRequests().size();
    answer(chunk("1") + test::documentedErrorChunk("2", std::to_string(id), "no key") + chunk("3"));
    EXPECT_EQ(fetch(), "[1 b b ] error");
    EXPECT_EQ(error_.kind, ErrorKind::kNotAuthorized);
    EXPECT_EQ(error_.awsCode, std::to_string(id));
    EXPECT_EQ(error_.operation, "GetMediaForFragmentList");
    EXPECT_NE(error_.message.find("no key; the caller needs kms:Decrypt on the stream's key "
                                  "(fragment 2 of 2026-03-01T10:00:00.000Z)"),
              std::string::npos)
        << error_.message;
    EXPECT_EQ(requestsAfter(before).size(), 1U);
  }
}

TEST_F(FragmentRecoveryTest, AKeyServiceOutOfReachIsTriedAgain) {
  answers({chunk("1") + test::documentedErrorChunk("2", "4503", "no key yet") + chunk("3")});
  EXPECT_EQ(fetch(), kAll);
}

TEST_F(FragmentRecoveryTest, ErrorsInBandLeaveWhatWasReceivedBefore) {
  archive_.chunks["1"] = test::buildChunk(test::simpleChunk("1", kBegin, 4));
  const std::string half = chunk("1").substr(0, chunk("1").size() - 10);
  const std::string notFound = test::wireErrorChunk("1", "3000", "FRAGMENT_NOT_FOUND");
  const auto afterHalf = [&](const std::string& chunkForEver) {
    size_t answered = 0;
    archive_.media = [this, half, chunkForEver, answered](const Numbers& numbers) mutable {
      if (answered++ == 0) {
        return test::FakeMedia(half, test::brokenConnection());
      }
      std::string body = numbers[0] == "1" ? chunkForEver : chunk(numbers[0]);
      for (size_t i = 1; i < numbers.size(); ++i) {
        body += chunk(numbers[i]);
      }
      return test::FakeMedia(body);
    };
  };
  afterHalf(notFound);
  EXPECT_EQ(fetch(), "[1 b b b cut short: FRAGMENT_NOT_FOUND 3000] [2 b b ] [3 b b ] end");
  afterHalf(test::wireErrorChunk("1", "4500", "KMS_KEY_ACCESS_DENIED"));
  EXPECT_EQ(fetch(), "[1 b b b error");
  EXPECT_EQ(error_.kind, ErrorKind::kNotAuthorized);
}

TEST_F(FragmentRecoveryTest, AClusterWithoutBlocksIsAskedForAgainWhereNoSizeSaysThatItIsAll) {
  const std::string bare = test::buildChunk(test::simpleChunk("2", kBegin, 0));
  std::vector<kvs::Fragment> fragments = {fragment("1"), fragment("2")};
  fragments[1].sizeBytes = 0;
  answers({test::FakeMedia(chunk("1") + bare)});
  fetcher_->start(fragments);
  EXPECT_EQ(takeAll(), "[1 b b ] [2 b b ] end");
  answers({test::FakeMedia(chunk("1") + bare + chunk("2"))});
  fetcher_->start(fragments);
  EXPECT_EQ(takeAll(), "[1 b b ] [2 b b ] end");
}

TEST_F(FragmentRecoveryTest, AnEndBeforeTheLastFragmentProvesNothingOfThoseBehindIt) {
  answers({test::FakeMedia(chunk("1"))});
  archive_.chunks.erase("2");
  archive_.chunks.erase("3");
  EXPECT_EQ(fetch(), "[1 b b ] error");
  EXPECT_NE(error_.message.find("nothing that was asked for"), std::string::npos);
}

TEST_F(FragmentRecoveryTest, AnErrorInBandWithoutANumberIsTheOnlyFragmentsThatWasAskedFor) {
  const std::string gone = test::errorChunk({{"AWS_KINESISVIDEO_ERROR_ID", "3000"}});
  archive_.media = [&](const Numbers& numbers) {
    std::string body;
    for (const std::string& number : numbers) {
      body += number == "2" ? gone : chunk(number);
    }
    return body;
  };
  EXPECT_EQ(fetch(), "[1 b b ] (2: 3000) [3 b b ] end");
}

TEST_F(FragmentRecoveryTest, AnErrorInBandWithoutANumberIsToldAsWhatItIs) {
  answer(test::errorChunk({{"AWS_KINESISVIDEO_EXCEPTION_ERROR_CODE", "4501"},
                           {"AWS_KINESISVIDEO_EXCEPTION_MESSAGE", "the key is disabled"}}));
  EXPECT_EQ(fetch(), "error");
  EXPECT_EQ(error_.kind, ErrorKind::kNotAuthorized);
  EXPECT_NE(error_.message.find("the key is disabled"), std::string::npos) << error_.message;
}

TEST_F(FragmentRecoveryTest, MediaThatEndsInAnErrorGoesOnBehindIt) {
  test::ChunkSpec spec = test::simpleChunk("1", kBegin, 2);
  spec.clusters[0].blocks.pop_back();
  spec.afterClusters = test::tagsElement({{"AWS_KINESISVIDEO_EXCEPTION_ERROR_CODE", "3002"}});
  answers({test::buildChunk(spec) + chunk("2") + chunk("3")});
  fetch();
  const std::string recovered = payloads_;
  archive_.media = nullptr;
  fetch();
  EXPECT_TRUE(recovered == payloads_);
}

// --- what can't be read ---

TEST_F(FragmentRecoveryTest, DamageThatDoesNotLastIsMended) {
  fetch();
  const std::string expected = payloads_;
  // Where an element begins: damage inside of frames can't be seen.
  const size_t first = chunk("1").size();
  for (const size_t at : {size_t{0}, size_t{60}, first, first + 4, first + 60}) {
    std::string body = all_;
    body.replace(at, 8, std::string(8, '\0'));
    answers({body});
    ASSERT_EQ(fetch(), kAll) << at;
    ASSERT_TRUE(payloads_ == expected) << at;
  }
}

TEST_F(FragmentRecoveryTest, MediaThatCanNotBeReadIsSkippedAfterItWasAskedForAlone) {
  for (const size_t at : {size_t{0}, size_t{4}, size_t{60}}) {
    for (const bool reversed : {false, true}) {
      const size_t before = archive_.mediaRequests().size();
      archive_.media = [&](Numbers numbers) {
        if (reversed) {
          std::reverse(numbers.begin(), numbers.end());
        }
        std::string body;
        for (const std::string& number : numbers) {
          std::string media = chunk(number);
          if (number == "2") {
            media.replace(at, 8, std::string(8, '\0'));
          }
          body += media;
        }
        return body;
      };
      const std::string events = fetch();
      EXPECT_EQ(events.substr(0, 36), "[1 b b ] (2 unreadable: The media is") << at << events;
      EXPECT_EQ(events.substr(events.size() - 13), " [3 b b ] end") << at << events;
      const Requests requests = requestsAfter(before);
      EXPECT_GE(std::count(requests.begin(), requests.end(), "2"), 2) << at << reversed;
    }
  }
}

TEST_F(FragmentRecoveryTest, DamageThatReachesOverTheEndOfTheAnswerIsNoEarlyEnd) {
  // The second chunk's Tracks claim far more bytes than follow.
  std::string damaged = chunk("2");
  const size_t tracks = damaged.find("\x16\x54\xAE\x6B");
  ASSERT_NE(tracks, std::string::npos);
  damaged.replace(tracks + 4, 4, std::string("\x10\xA0\x00\x00", 4));
  archive_.media = [&](const Numbers& numbers) {
    std::string body;
    for (const std::string& number : numbers) {
      body += number == "2" ? damaged : chunk(number);
    }
    return body;
  };
  EXPECT_EQ(fetch(),
            "[1 b b ] (2 unreadable: The media ends in the middle of a fragment) [3 b b ] end")
      << error_.message;
}

TEST_F(FragmentRecoveryTest, AnswersThatAreNoMediaAreSaidOfEachFragment) {
  answer(test::FakeMedia("<html>welcome to the hotel's network</html>"));
  const std::string reason =
      " unreadable: The media can't be read: no EBML header where a fragment should begin) ";
  EXPECT_EQ(fetch(), "(1" + reason + "(2" + reason + "(3" + reason + "end");
}

TEST_F(FragmentRecoveryTest, AChunkWithoutANumberIsRefused) {
  test::ChunkSpec spec = test::simpleChunk("1", kBegin, 2);
  spec.serviceTags = false;
  answers({test::buildChunk(spec) + chunk("2") + chunk("3")});
  EXPECT_EQ(fetch(), kAll);
  answer(test::buildChunk(spec));
  EXPECT_EQ(fetch({"1"}), "(1 unreadable: The service sent a fragment without its number) end");
}

// --- sizes ---

TEST_F(FragmentRecoveryTest, AnEarlyCleanEndIsSeenByTheListedSize) {
  test::ChunkSpec spec = test::simpleChunk("3", kBegin, 1);
  const std::string shortThird = test::buildChunk(spec);
  ASSERT_LT(shortThird.size(), chunk("3").size());
  answers({chunk("1") + chunk("2") + shortThird});
  EXPECT_EQ(fetch(), kAll);
  // Before any size is known to be exact, too.
  fetcher_ = newFetcher();
  answers({shortThird});
  EXPECT_EQ(fetch({"3"}), "[3 b b ] end");
}

TEST_F(FragmentRecoveryTest, AnEndThatStaysTooEarlyIsCutShort) {
  learnSizes();
  answer(chunk("1") + test::buildChunk(test::simpleChunk("2", kBegin, 1)));
  EXPECT_EQ(fetch({"1", "2"}), "[1 b b ] [2 b cut short: its chunk has 307 of its 325 bytes] end");
}

TEST_F(FragmentRecoveryTest, AChunkThatIsStoredTooShortIsCutShort) {
  learnSizes();
  const std::string shortSecond = test::buildChunk(test::simpleChunk("2", kBegin, 1));
  archive_.media = [&](const Numbers& numbers) {
    std::string body;
    for (const std::string& number : numbers) {
      body += number == "2" ? shortSecond : chunk(number);
    }
    return body + chunk("1");  // something follows, so the answer did not end early
  };
  const std::string events = fetch();
  EXPECT_EQ(events,
            "[1 b b ] [2 b cut short: its chunk has 307 of its 325 bytes] "
            "[3 b b ] end");
}

TEST_F(FragmentRecoveryTest, SizesThatNeverFitAreTakenForWrong) {
  listedBytes_ = 1'000'000;
  EXPECT_EQ(fetch(),
            "[1 b b as it is: its chunk has 325 of its 1000000 bytes] "
            "[2 b b as it is: its chunk has 325 of its 1000000 bytes] [3 b b ] end");
  EXPECT_EQ(requestsAfter(0), (Requests{"1,2,3", "1,2,3"}));
  EXPECT_EQ(fetch(), kAll);
  EXPECT_EQ(requestsAfter(2), (Requests{"1,2,3"}));
}

TEST_F(FragmentRecoveryTest, SomeWrongSizesDoNotEndTheComparison) {
  learnSizes();
  const Numbers odd = {"2", "3"};
  archive_.media = [&](const Numbers& numbers) {
    std::string body;
    for (const std::string& number : numbers) {
      const bool isOdd = std::find(odd.begin(), odd.end(), number) != odd.end();
      body += isOdd ? test::buildChunk(test::simpleChunk(number, kBegin, 1)) : chunk(number);
    }
    return body;
  };
  add("4", 6000);
  EXPECT_EQ(fetch({"2", "3", "4"}),
            "[2 b cut short: its chunk has 307 of its 325 bytes] "
            "[3 b cut short: its chunk has 307 of its 325 bytes] [4 b b ] end");
  answers({test::buildChunk(test::simpleChunk("1", kBegin, 1)) + chunk("4")});
  EXPECT_EQ(fetch({"1", "4"}), "[1 b b ] [4 b b ] end");
}

TEST_F(FragmentRecoveryTest, SizesListedWronglyCostNoFrames) {
  const Numbers numbers = {"1", "2", "3"};
  std::mt19937 random(7);
  for (int run = 0; run < 200; ++run) {
    fetcher_ = newFetcher();
    if (run % 2 == 0) {
      learnSizes();
    }
    for (int batch = 0; batch < 4; ++batch) {
      std::vector<kvs::Fragment> fragments;
      for (const std::string& number : numbers) {
        fragments.push_back(fragment(number));
        fragments.back().sizeBytes += random() % 11 - 5;
      }
      fetcher_->start(fragments);
      const std::string events = takeAll();
      ASSERT_EQ(std::count(events.begin(), events.end(), '['), 3) << events;
      ASSERT_EQ(events.substr(events.size() - 3), "end") << events << error_.message;
      for (size_t at = 0; (at = events.find('[', at)) != std::string::npos; ++at) {
        ASSERT_EQ(events.substr(at + 2, 5), " b b ") << events;
      }
    }
  }
}

TEST_F(FragmentRecoveryTest, AnEarlyEndIsNoDamageWhereSizesAreNotKnown) {
  answers({test::FakeMedia(chunk("1") + chunk("2").substr(0, 200)),
           test::FakeMedia(chunk("2").substr(0, 250))});
  std::vector<kvs::Fragment> fragments = {fragment("1"), fragment("2"), fragment("3")};
  for (kvs::Fragment& fragment : fragments) {
    fragment.sizeBytes = 0;
  }
  fetcher_->start(fragments);
  EXPECT_EQ(takeAll(), kAll);
}

TEST_F(FragmentRecoveryTest, ABlockThatSwallowedAnotherChunkIsNotTaken) {
  learnSizes();
  // The last block's size reaches over the chunk behind it.
  test::ChunkSpec spec = test::simpleChunk("1", kBegin, 2);
  spec.clusters[0].blocks[1].payload += chunk("2");
  answers({test::buildChunk(spec) + chunk("3")});
  EXPECT_EQ(fetch(), kAll);
}

// --- any faults, in any order ---

TEST_F(FragmentRecoveryTest, NoSequenceOfFaultsChangesWhatComesOut) {
  for (int i = 4; i <= 9; ++i) {
    add(std::to_string(i), i * 2000, 2 + i % 3);
  }
  const Numbers numbers = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
  const std::string expected = fetch(numbers);
  const std::string expectedPayloads = payloads_;
  std::mt19937 random(1);
  const auto below = [&](size_t limit) { return static_cast<size_t>(random() % limit); };
  for (int run = 0; run < test::effort(3000); ++run) {
    size_t faults = 0;
    archive_.media = [&](Numbers asked) {
      if (faults == 2) {  // as many as are allowed without progress
        return test::FakeMedia(archive_.body(asked));
      }
      ++faults;
      if (below(3) == 0) {
        std::shuffle(asked.begin(), asked.end(), random);
      }
      std::string body;
      const size_t victim = below(asked.size());
      const size_t kind = below(8);
      for (size_t i = 0; i < asked.size(); ++i) {
        std::string media = chunk(asked[i]);
        if (i == victim && kind == 0) {
          media.clear();
        } else if (i == victim && kind == 1) {
          media += media;
        } else if (i == victim && kind == 2) {
          media = test::wireErrorChunk(asked[i], "3000", "FRAGMENT_NOT_FOUND");
        } else if (i == victim && kind == 3) {
          media = test::documentedErrorChunk(asked[i], "5000", "later");
        } else if (i == victim && kind == 4) {
          media.replace(0, 4, std::string(4, '\0'));
        }
        body += media;
      }
      if (kind < 6) {
        return test::FakeMedia(body);
      }
      body.resize(below(body.size()));
      return kind == 6 ? test::FakeMedia(body, test::brokenConnection()) : test::FakeMedia(body);
    };
    const std::string events = fetch(numbers);
    ASSERT_EQ(events, expected) << run << ": " << error_.message;
    ASSERT_TRUE(payloads_ == expectedPayloads) << run;
  }
}

}  // namespace
}  // namespace kvsarchive::archive
