// SPDX-License-Identifier: LGPL-2.1-or-later
// Every kind of fault at every kind of place: what passes leaves no trace in the output, what stays
// is told, and nothing is lost silently.
#include "support/fault_matrix.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/effort.h"
#include "support/emulator_process.h"
#include "support/expectation.h"
#include "support/player.h"
#include "support/scoped_env.h"

namespace kvsarchive::test {
namespace {

/// The stream "known" has sizes on its Clusters, two tracks and B-frames; "unknown" has neither.
/// "many" takes several pages, each shorter than asked for.
const char* const kStreams = R"("streams": [
    {"name": "unknown", "recordings": [
      {"width": 160, "height": 120, "fragments": 6, "fragment-duration": 1, "fps": 10}]},
    {"name": "known", "layout": {"cluster-size": "known", "clusters": 2}, "recordings": [
      {"width": 160, "height": 120, "fragments": 6, "fragment-duration": 1, "fps": 10,
       "b-frames": 2, "audio": [{"codec": "aac"}]}]},
    {"name": "many", "listing": {"short-pages-percent": 100}, "recordings": [
      {"width": 64, "height": 48, "fragments": 800, "fragment-duration": 0.02, "fps": 50}]}])";

constexpr std::array kStreamNames = {"unknown", "known"};
constexpr std::array kOperations = {"GetDataEndpoint", "ListFragments", "GetMediaForFragmentList"};
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

using Prepare = std::function<void(GstElement*)>;
using Outcomes = std::vector<Outcome>;
const Outcomes kNotNoticed = {Outcome::kIdentical};
const Outcomes kSkipped = {Outcome::kSkip};
const Outcomes kFailed = {Outcome::kError};

std::string kindAt(const std::string& kind, const std::string& place) {
  return R"("kind": ")" + kind + R"(", "at": ")" + place + '"';
}
std::string at(const std::string& operation, const std::string& kind) {
  return R"("operation": ")" + operation + R"(", "kind": ")" + kind + '"';
}
std::string media(const std::string& kind) { return at("GetMediaForFragmentList", kind); }

class FaultTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    emulator_ = std::make_unique<EmulatorProcess>(
        std::string("{") + kStreams + "}", std::vector<std::string>{"--request-log", "/dev/null"});
    for (const char* stream : {"unknown", "known", "many"}) {
      const auto judge =
          judges_.try_emplace(stream, emulator_->manifest(stream), playDocument(source(stream)))
              .first;
      ASSERT_EQ(judge->second.checkReference(), "") << stream;
    }
  }
  static void TearDownTestSuite() {
    emulator_.reset();
    judges_.clear();
  }

  static GstElement* source(const std::string& stream) {
    GstElement* source = makeSource(emulator_->url(), stream);
    g_object_set(source, "start-timestamp", "2026-03-01T10:00:00Z", "end-timestamp",
                 "2026-03-01T10:00:30Z", "retries", 4, "retry-backoff-factor", 0.02,
                 "retry-backoff-max", 0.01, nullptr);
    return source;
  }

  /// Under a sanitizer one cell in eight is run.
  bool isThinnedOut() { return kSanitized && generated_++ % 8 != 0; }

  /// Every fourth cell is run with five connections and one fragment per request, or as
  /// KVSARCHIVE_MATRIX_CONNECTIONS says all of them with 1 or with 5.
  static void setConnections(GstElement* element) {
    static const char* const kAll = std::getenv("KVSARCHIVE_MATRIX_CONNECTIONS");
    static int cells = 0;
    const bool five = kAll != nullptr ? std::string(kAll) == "5" : ++cells % 4 == 0;
    if (five) {
      g_object_set(element, "max-connections", 5, "prefetch-bytes", guint64{65536}, nullptr);
    }
  }

  static void setFaults(const std::string& fault) {
    emulator_->forgetRequests();
    const std::string faults = fault.empty() || fault.front() == '{' ? fault : "{" + fault + "}";
    emulator_->setFaults(R"({"faults": [)" + faults + "]}");
  }

  /// A test of a fault that no request met would be none.
  static void expectSpoiltRequests() {
    const auto requests = emulator_->requests();
    EXPECT_TRUE(std::any_of(requests.begin(), requests.end(),
                            [](const LoggedRequest& request) { return request.spoilt; }));
  }

  static std::unique_ptr<EmulatorProcess> emulator_;
  static std::map<std::string, FaultJudge> judges_;

 private:
  int generated_ = 0;
};

std::unique_ptr<EmulatorProcess> FaultTest::emulator_;
std::map<std::string, FaultJudge> FaultTest::judges_;

class FaultMatrix : public FaultTest {
 protected:
  static void TearDownTestSuite() {
    RecordProperty("fault-matrix", total_.text());
    std::cout << "fault matrix: " << total_.text() << "\n";
    FaultTest::TearDownTestSuite();
  }

  void TearDown() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    std::cout << test->name() << ": " << tally_.text() << "\n";
    RecordProperty("cells", tally_.text());
  }

  /// One run. `fault`: members of one fault object, or "{...}, {...}" for several. `prepare`: sets
  /// more properties.
  void cell(const std::string& stream, const std::string& fault, const Outcomes& allowed,
            const std::string& damaged = "", const Prepare& prepare = nullptr) {
    if (isThinnedOut()) {
      return;
    }
    setFaults(fault);
    GstElement* element = source(stream);
    setConnections(element);
    if (prepare) {
      prepare(element);
    }
    const Played run = playDocument(element);
    const Verdict verdict = judges_.at(stream).judge(run, damaged);
    if (!fault.empty()) {
      expectSpoiltRequests();
    }
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
    cell("known", kind + ", " + kOnce, kNotNoticed);
    cell("known", kind + ", " + kTwice, kNotNoticed);
    cell("known", kind + ", " + kForEver, atLast);
  }

  static Tally total_;
  Tally tally_;
};

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
  for (const char* place : {"first-byte", "mid-header", "block-edge"}) {
    for (int seed = 2; seed < 4; ++seed) {
      everyFragment(kindAt("garbage", place) + R"(, "seed": )" + std::to_string(seed), atLast);
    }
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

// --- other answers ---

TEST_F(FaultMatrix, Statuses) {
  for (const char* operation : kOperations) {
    for (const char* answer :
         {R"("status": 500, "code": "InternalFailure")", R"("status": 500, "body": "none")",
          R"("status": 503, "code": "ServiceUnavailableException")",
          R"("status": 502, "body": "html")", R"("status": 504, "body": "none")",
          R"("status": 429, "body": "html")", R"("status": 200, "body": "html")",
          R"("status": 400, "code": "ConnectionLimitExceededException")"}) {
      everyAnswer(at(operation, "status") + ", " + answer, kFailed);
    }
    everyAnswer(at(operation, "throttle"), kFailed);
  }
}

TEST_F(FaultMatrix, BrokenAnswers) {
  for (const char* operation : {"GetDataEndpoint", "ListFragments"}) {
    for (const char* kind : {"cut", "reset"}) {
      for (const char* stage : {"before-headers", "after-headers", "in-body"}) {
        everyAnswer(at(operation, kind) + R"(, "bytes": 20, "stage": ")" + stage + '"', kFailed);
      }
    }
    for (const char* kind : {"end-early", "garbage"}) {
      everyAnswer(at(operation, kind) + R"(, "bytes": 1)", kFailed);
      everyAnswer(at(operation, kind) + R"(, "bytes": 20)", kFailed);
    }
    everyAnswer(at(operation, "wrong-content-length") + R"(, "extra": 100)", kFailed);
    everyAnswer(at(operation, "wrong-content-length") + R"(, "extra": -10)", kFailed);
  }
}

TEST_F(FaultMatrix, Slow) {
  for (const char* operation : kOperations) {
    everyAnswer(at(operation, "latency") + R"(, "ms": 30)", kNotNoticed);
  }
  everyAnswer(media("bytes-per-second") + R"(, "rate": 500000)", kNotNoticed);
  everyAnswer(at("ListFragments", "bytes-per-second") + R"(, "rate": 20000)", kNotNoticed);
}

// Each costs a second, the least timeout.
TEST_F(FaultMatrix, Stall) {
  const Prepare impatient = [](GstElement* element) {
    g_object_set(element, "timeout", 1, nullptr);
  };
  const Prepare lastTry = [](GstElement* element) {
    g_object_set(element, "timeout", 1, "retries", 1, nullptr);
  };
  const std::string middle = R"(, "fragment-position": "middle", )";
  cell("known", at("ListFragments", "stall") + R"(, "stage": "before-headers", )" + kOnce,
       kNotNoticed, "", impatient);
  cell("known", media("stall") + R"(, "stage": "after-headers", )" + kOnce, kNotNoticed, "",
       impatient);
  for (const char* place : {"mid-header", "mid-block", "end"}) {
    cell("unknown", kindAt("stall", place) + middle + kOnce, kNotNoticed, "", impatient);
  }
  cell("unknown", kindAt("stall", "mid-block") + middle + kForEver, kFailed, "", lastTry);
}

// --- lists ---

// A fragment that the service leaves off its list for good can't be known of; one that is listed
// before it can be fetched is among the in-band errors.
TEST_F(FaultMatrix, Pages) {
  for (const char* stream : {"unknown", "known", "many"}) {
    cell(stream, "", kNotNoticed);
    for (const char* meets : {kOnce, kTwice, R"("request": 1, "count": 10)"}) {
      cell(stream, std::string(R"("kind": "empty-page", )") + meets, kNotNoticed);
    }
  }
  cell("unknown", R"("kind": "empty-page", "request": "every")", kFailed);
}

TEST_F(FaultMatrix, Tokens) {
  for (const char* kind :
       {R"("kind": "repeat-token", "token": "asked")",
        R"("kind": "repeat-token", "token": "first-page")", R"("kind": "expired-token")"}) {
    const auto bad = [&](const char* meets) { return std::string(kind) + ", " + meets; };
    cell("many", bad(kOnce), kNotNoticed);
    cell("many", bad(kTwice), kNotNoticed);
    cell("many", bad(kForEver), kFailed);
    // Where all fits on one page, empty ones make tokens.
    const std::string emptyPages = R"({"kind": "empty-page", "request": 1, "count": 3}, )";
    cell("known", emptyPages + "{" + bad(kOnce) + "}", kNotNoticed);
    cell("known", emptyPages + "{" + bad(kTwice) + "}", kNotNoticed);
    cell("known", R"({"kind": "empty-page", "request": "every"}, {)" + bad(kForEver) + "}",
         kFailed);
  }
}

// --- the client's standing ---

TEST_F(FaultMatrix, MovedEndpoints) {
  for (const char* operation : {"ListFragments", "GetMediaForFragmentList"}) {
    for (const char* stream : kStreamNames) {
      const std::string fault = at(operation, "moved-endpoint") + R"(, "old": ")";
      cell(stream, fault + R"(access-denied", )" + kOnce, kNotNoticed);
      // Once per call, lest an endpoint that refuses is asked for ever.
      cell(stream, fault + R"(access-denied", )" + kTwice, kFailed);
      cell(stream, fault + R"(access-denied", )" + kForEver, kFailed);
      cell(stream, fault + R"(reset", )" + kOnce, kNotNoticed);
      cell(stream, fault + R"(reset", )" + kTwice, kNotNoticed);
      cell(stream, fault + R"(reset", )" + kForEver, kFailed);
    }
  }
}

TEST_F(FaultMatrix, WrongClocks) {
  for (const char* offset : {"3600", "-3600", "86400"}) {
    emulator_->change("clock", std::string(R"({"offset": )") + offset + "}");
    for (const char* stream : kStreamNames) {
      cell(stream, "", kNotNoticed);
    }
  }
  emulator_->change("clock", R"({"offset": 0})");
}

TEST_F(FaultMatrix, Quotas) {
  const Prepare patient = [](GstElement* element) {
    g_object_set(element, "retry-backoff-max", 2.0, nullptr);
  };
  const auto with = [&](const char* quotas, const char* stream, const Outcomes& allowed) {
    emulator_->change("quotas", std::string(R"({"quotas": )") + quotas + "}");
    cell(stream, "", allowed, "", patient);
  };
  with(R"("published")", "known", kNotNoticed);
  with(R"({"requests": 1})", "unknown", kNotNoticed);
  with(R"({"media-points": 500})", "many", kNotNoticed);
  with(R"({"media-connections": 1, "bytes-per-second": 500000})", "known", kNotNoticed);
  emulator_->change("quotas",
                    R"({"quotas": {"media-points": 3}})");  // never enough for one request
  cell("known", "", kFailed);
  emulator_->change("quotas", R"({"quotas": "none"})");
}

/// Lets the key expire while a request is on its way, and puts a new one into the environment.
class KeyRotation {
 public:
  KeyRotation(const EmulatorProcess& emulator, const std::string& operation)
      : emulator_(emulator), thread_([this, operation] { rotate(operation); }) {}
  ~KeyRotation() {
    done_ = true;
    thread_.join();
    accept(kAccessKey, kSecretKey);
  }
  KeyRotation(const KeyRotation&) = delete;
  KeyRotation& operator=(const KeyRotation&) = delete;

 private:
  void rotate(const std::string& operation) {
    while (emulator_.countRequests(operation) == 0) {
      if (done_) {
        return;
      }
      g_usleep(5000);
    }
    setenv("AWS_ACCESS_KEY_ID", "AKIDROTATED", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "rotated-secret", 1);
    accept("AKIDROTATED", "rotated-secret");
  }
  void accept(const std::string& key, const std::string& secret) const {
    emulator_.change("credentials", R"({"credentials": [{"access-key": ")" + key +
                                        R"(", "secret-key": ")" + secret + "\"}]}");
  }

  const EmulatorProcess& emulator_;
  std::atomic<bool> done_{false};
  std::thread thread_;
};

TEST_F(FaultMatrix, ExpiredCredentials) {
  const Prepare fromEnvironment = [](GstElement* element) {
    g_object_set(element, "access-key", nullptr, "secret-key", nullptr, nullptr);
  };
  const ScopedEnv key("AWS_ACCESS_KEY_ID", kAccessKey);
  const ScopedEnv secret("AWS_SECRET_ACCESS_KEY", kSecretKey);
  for (const char* operation : kOperations) {
    const std::string fault = "{" + at(operation, "expired-credentials") + R"(, "request": 1})";
    // The same key again is none that helps.
    cell("known", fault, kFailed, "", fromEnvironment);
    const ScopedEnv oldKey("AWS_ACCESS_KEY_ID", kAccessKey);
    const ScopedEnv oldSecret("AWS_SECRET_ACCESS_KEY", kSecretKey);
    emulator_->forgetRequests();
    const KeyRotation rotation(*emulator_, operation);
    cell("known", fault + ", {" + at(operation, "latency") + R"(, "ms": 200, "request": 1})",
         kNotNoticed, "", fromEnvironment);
  }
}

// --- through the demuxer ---

class FaultsBehindADemuxer : public FaultTest {
 protected:
  static Played playDemuxed(const std::string& stream, const std::string& fault) {
    setFaults(fault);
    GstElement* element = source(stream);
    g_object_set(element, "retry-backoff-factor", 0.0, nullptr);
    Played played = play(element);
    expectSpoiltRequests();
    return played;
  }

  void expectAll(const std::string& stream, const std::string& fault) {
    if (isThinnedOut()) {
      return;
    }
    SCOPED_TRACE(stream + ", " + fault);
    const Played played = playDemuxed(stream, fault);
    expectPlayed(judges_.at(stream).manifest(), played);
    EXPECT_TRUE(played.warnings.empty());
    ++runs_;
  }

  /// All but one fragment, with times that are true.
  void expectAllBut(const Position& position, const std::string& stream, const std::string& fault) {
    if (isThinnedOut()) {
      return;
    }
    SCOPED_TRACE(stream + ", " + fault);
    Manifest rest = judges_.at(stream).manifest();
    const std::string lost = rest.fragments[position.index].number;
    rest.fragments.erase(rest.fragments.begin() + static_cast<long>(position.index));
    Played played = playDemuxed(stream, fault);
    ASSERT_EQ(played.warnings.size(), 1U);
    EXPECT_NE(played.warnings[0].find(lost), std::string::npos);
    EXPECT_EQ(played.stats["fragments-listed"]--, rest.fragments.size() + 1);
    EXPECT_EQ(played.stats["fragments-skipped"], 1U);
    expectPlayed(rest, played);
    ++runs_;
  }

  void TearDown() override { RecordProperty("runs", runs_); }

  int runs_ = 0;
};

TEST_F(FaultsBehindADemuxer, ThatPassAreNotNoticed) {
  for (const char* stream : kStreamNames) {
    for (const Position& position : kPositions) {
      const std::string where =
          std::string(R"(, "request": 1, "fragment-position": ")") + position.name + '"';
      for (const char* kind : {"cut", "reset", "end-early", "truncate-chunk"}) {
        for (const char* place : kPlaces) {
          expectAll(stream, kindAt(kind, place) + where);
        }
      }
      for (const char* place : {"first-byte", "mid-header", "block-edge"}) {
        expectAll(stream, kindAt("garbage", place) + where);
      }
      for (const char* kind : {"missing", "repeat", "reorder", "in-band-error"}) {
        expectAll(stream, R"("kind": ")" + std::string(kind) + '"' + where);
      }
    }
  }
}

TEST_F(FaultsBehindADemuxer, ThatStayAreSkipped) {
  for (const char* stream : kStreamNames) {
    for (const Position& position : kPositions) {
      const std::string where = std::string(R"(, "fragment-position": ")") + position.name + '"';
      expectAllBut(position, stream, R"("kind": "missing")" + where);
      expectAllBut(position, stream, R"("kind": "in-band-error", "id": 4000)" + where);
      expectAllBut(position, stream, kindAt("garbage", "first-byte") + where);
      expectAllBut(position, stream, kindAt("garbage", "mid-header") + where);
    }
  }
}

TEST_F(FaultsBehindADemuxer, BodiesCutAtEvery97thByte) {
  uint64_t size = 0;
  for (const Manifest::Fragment& fragment : judges_.at("unknown").manifest().fragments) {
    size += fragment.sizeBytes;
  }
  for (uint64_t bytes = 0; bytes < size && !HasFailure(); bytes += 97) {
    expectAll("unknown", media("cut") + R"(, "request": 1, "bytes": )" + std::to_string(bytes));
  }
  EXPECT_GT(runs_, 50);
}

}  // namespace
}  // namespace kvsarchive::test
