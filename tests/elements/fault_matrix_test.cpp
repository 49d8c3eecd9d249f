// SPDX-License-Identifier: LGPL-2.1-or-later
// Every kind of fault at every kind of place: what passes leaves no trace in the output, what stays
// is told, and nothing is lost silently.
#include "support/fault_matrix.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "support/emulator_process.h"
#include "support/expectation.h"
#include "support/player.h"
#include "support/scoped_env.h"

namespace kvsarchive::test {
namespace {

/// The stream "known" has sizes on its Clusters, two tracks and B-frames; "unknown" has neither.
const char* const kStreams = R"("streams": [
    {"name": "unknown", "recordings": [
      {"width": 160, "height": 120, "fragments": 6, "fragment-duration": 1, "fps": 10}]},
    {"name": "known", "layout": {"cluster-size": "known", "clusters": 2}, "recordings": [
      {"width": 160, "height": 120, "fragments": 6, "fragment-duration": 1, "fps": 10,
       "b-frames": 2, "audio": [{"codec": "aac"}]}]}])";

constexpr std::array kStreamNames = {"unknown", "known"};
constexpr std::array kPlaces = {"first-byte", "mid-header", "mid-block",
                                "block-edge", "chunk-edge", "end"};

struct Position {
  const char* name;
  size_t index;  ///< of the fragment
};
constexpr std::array kPositions = {Position{"first", 0}, Position{"middle", 3},
                                   Position{"last", 5}};

/// How often a request meets the fault.
constexpr const char* kOnce = R"("request": 1)";
constexpr const char* kTwice = R"("request": 1, "count": 2)";
constexpr const char* kForEver = R"("request": "every")";

struct Tally {
  int cells = 0;
  std::map<Outcome, int> outcomes;

  void add(Outcome outcome) {
    ++cells;
    ++outcomes[outcome];
  }
  std::string text() {
    return std::to_string(cells) + " cells, " + std::to_string(outcomes[Outcome::kIdentical]) +
           " identical, " + std::to_string(outcomes[Outcome::kSkip]) + " loud skips, " +
           std::to_string(outcomes[Outcome::kError]) + " errors, " +
           std::to_string(outcomes[Outcome::kDamaged]) + " damaged inside of frames, " +
           std::to_string(outcomes[Outcome::kSilent]) + " silent";
  }
};

using Outcomes = std::vector<Outcome>;
const Outcomes kNotNoticed = {Outcome::kIdentical};
const Outcomes kSkipped = {Outcome::kSkip};
const Outcomes kFailed = {Outcome::kError};

class FaultMatrix : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    emulator_ = std::make_unique<EmulatorProcess>(
        std::string("{") + kStreams + "}", std::vector<std::string>{"--request-log", "/dev/null"});
    for (const char* stream : kStreamNames) {
      const auto judge =
          judges_.try_emplace(stream, emulator_->manifest(stream), playDocument(source(stream)))
              .first;
      ASSERT_EQ(judge->second.checkReference(), "") << stream;
    }
  }
  static void TearDownTestSuite() {
    RecordProperty("fault-matrix", total_.text());
    std::cout << "fault matrix: " << total_.text() << "\n";
    emulator_.reset();
    judges_.clear();
  }

  void TearDown() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    std::cout << test->name() << ": " << tally_.text() << "\n";
    RecordProperty("cells", tally_.text());
  }

  static GstElement* source(const std::string& stream) {
    GstElement* source = makeSource(emulator_->url(), stream);
    g_object_set(source, "start-timestamp", "2026-03-01T10:00:00Z", "end-timestamp",
                 "2026-03-01T10:00:30Z", "retry-backoff-factor", 0.02, "retry-backoff-max", 0.02,
                 nullptr);
    return source;
  }

  /// Under a sanitizer one cell in three is run.
  bool isThinnedOut() {
    static const bool kThin = std::string(std::getenv("KVSARCHIVE_SANITIZER")) != "none";
    return kThin && generated_++ % 3 != 0;
  }

  /// `fault`: members of one fault object, or "{...}, {...}" for several.
  void cell(const std::string& stream, const std::string& fault, const Outcomes& allowed,
            const std::string& damaged = "", GstElement* element = nullptr) {
    if (element == nullptr && isThinnedOut()) {
      return;
    }
    const std::string faults = fault.empty() || fault.front() == '{' ? fault : "{" + fault + "}";
    emulator_->setFaults(R"({"faults": [)" + faults + "]}");
    const Played run = playDocument(element != nullptr ? element : source(stream));
    const Verdict verdict = judges_.at(stream).judge(run, damaged);
    tally_.add(verdict.outcome);
    total_.add(verdict.outcome);
    EXPECT_TRUE(std::find(allowed.begin(), allowed.end(), verdict.outcome) != allowed.end())
        << stream << ", " << fault << "\n  outcome " << static_cast<int>(verdict.outcome) << ": "
        << verdict.why << (run.error ? "\n  " + run.error->message : "");
  }

  /// A kind that is about one fragment, at each position: passing faults, and the one that stays.
  void everyFragment(const std::string& kind, const Outcomes& atLast, bool damages = false) {
    for (const char* stream : kStreamNames) {
      for (const Position& position : kPositions) {
        const std::string fault = kind + R"(, "fragment-position": ")" + position.name + R"(", )";
        const std::string number = judges_.at(stream).manifest().fragments[position.index].number;
        Outcomes passing = kNotNoticed;
        if (damages) {
          passing.push_back(Outcome::kDamaged);
        }
        cell(stream, fault + kOnce, passing, damages ? number : "");
        cell(stream, fault + kTwice, passing, damages ? number : "");
        cell(stream, fault + kForEver, atLast, damages ? number : "");
      }
    }
  }

  /// A kind that is about all of an answer.
  void everyAnswer(const std::string& kind, const Outcomes& atLast) {
    for (const char* stream : kStreamNames) {
      cell(stream, kind + ", " + kOnce, kNotNoticed);
      cell(stream, kind + ", " + kTwice, kNotNoticed);
      cell(stream, kind + ", " + kForEver, atLast);
    }
  }

  static std::string kindAt(const std::string& kind, const std::string& place) {
    return R"("kind": ")" + kind + R"(", "at": ")" + place + '"';
  }
  static std::string media(const std::string& kind) {
    return R"("operation": "GetMediaForFragmentList", "kind": ")" + kind + '"';
  }

  static std::unique_ptr<EmulatorProcess> emulator_;
  static std::map<std::string, FaultJudge> judges_;
  static Tally total_;
  Tally tally_;
  int generated_ = 0;
};

std::unique_ptr<EmulatorProcess> FaultMatrix::emulator_;
std::map<std::string, FaultJudge> FaultMatrix::judges_;
Tally FaultMatrix::total_;

// --- bytes of media ---

// Exactly behind a fragment there is nothing left to ask for, unless it is the last one, whose end
// only the answer's end tells.
Outcomes whenBrokenAt(const std::string& place) {
  return place == "chunk-edge" ? Outcomes{Outcome::kIdentical, Outcome::kError} : kFailed;
}

TEST_F(FaultMatrix, Cut) {
  for (const char* place : kPlaces) {
    everyFragment(kindAt("cut", place), whenBrokenAt(place));
  }
  everyAnswer(media("cut") + R"(, "stage": "before-headers")", kFailed);
  everyAnswer(media("cut") + R"(, "stage": "after-headers")", kFailed);
}

TEST_F(FaultMatrix, Reset) {
  for (const char* place : kPlaces) {
    everyFragment(kindAt("reset", place), whenBrokenAt(place));
  }
  everyAnswer(media("reset") + R"(, "stage": "before-headers")", kFailed);
  everyAnswer(media("reset") + R"(, "stage": "after-headers")", kFailed);
}

TEST_F(FaultMatrix, EndEarly) {
  for (const char* place : kPlaces) {
    everyFragment(kindAt("end-early", place),
                  {Outcome::kIdentical, Outcome::kSkip, Outcome::kError});
  }
}

TEST_F(FaultMatrix, TruncatedChunk) {
  for (const char* place : kPlaces) {
    everyFragment(kindAt("truncate-chunk", place),
                  {Outcome::kIdentical, Outcome::kSkip, Outcome::kError});
  }
}

TEST_F(FaultMatrix, WrongContentLength) {
  for (const char* extra : {"1", "1000", "-1", "-1000"}) {
    everyAnswer(media("wrong-content-length") + R"(, "extra": )" + extra,
                {Outcome::kIdentical, Outcome::kSkip, Outcome::kError});
  }
}

TEST_F(FaultMatrix, Garbage) {
  const Outcomes atLast = {Outcome::kIdentical, Outcome::kSkip, Outcome::kError, Outcome::kDamaged};
  for (const char* place : kPlaces) {
    const std::string name = place;
    // Frames are not looked into: what is wrong inside of one is for the decoder to find.
    const bool inFrames = name == "mid-block" || name == "chunk-edge" || name == "end";
    everyFragment(kindAt("garbage", place), atLast, inFrames);
  }
}

// --- chunks ---

TEST_F(FaultMatrix, Missing) { everyFragment(R"("kind": "missing")", kSkipped); }

TEST_F(FaultMatrix, Repeat) { everyFragment(R"("kind": "repeat")", kNotNoticed); }

TEST_F(FaultMatrix, Reorder) {
  everyFragment(R"("kind": "reorder")", kNotNoticed);
  everyAnswer(R"("kind": "reorder")", kNotNoticed);
}

TEST_F(FaultMatrix, InBandErrors) {
  const struct {
    const char* error;
    Outcomes atLast;
  } cases[] = {{R"("id": 3000)", kSkipped},
               {R"("id": 4000, "code": "FRAGMENT_NOT_FOUND")", kSkipped},
               {R"("id": 5000, "code": "INTERNAL_ERROR")", kFailed},
               {R"("id": 3002, "code": "FRAGMENT_METADATA_ERROR")", kFailed}};
  for (const auto& c : cases) {
    for (const char* names : {"short", "long"}) {
      everyFragment(
          std::string(R"("kind": "in-band-error", "tag-names": ")") + names + "\", " + c.error,
          c.atLast);
    }
  }
}

}  // namespace
}  // namespace kvsarchive::test
