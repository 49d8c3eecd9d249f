// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads a stream again and again while random faults that pass meet its requests, and checks each
// time that the output is the same to the byte, and at the end that nothing is left behind.
// Arguments: minutes, [seed], [folder with s.pem, s.key and ca.pem: then all is over TLS].
// Environment as that of the tests.
#include <gst/gst.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "support/emulator_process.h"
#include "support/fault_matrix.h"
#include "support/player.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"streams": [
    {"name": "cam1", "layout": {"cluster-size": "known"}, "recordings": [
      {"width": 160, "height": 120, "fragments": 60, "fragment-duration": 1, "fps": 10, "b-frames": 2,
       "audio": [{"codec": "aac"}]}]}]})";

const std::vector<const char*> kFaults = {
    R"("kind": "cut", "operation": "GetMediaForFragmentList", "bytes": #)",
    R"("kind": "reset", "operation": "GetMediaForFragmentList", "bytes": #)",
    R"("kind": "end-early", "bytes": #)",
    R"("kind": "stall", "operation": "GetMediaForFragmentList", "bytes": #, "seconds": 0)",
    R"("kind": "truncate-chunk", "bytes": #)",
    R"("kind": "wrong-content-length", "operation": "GetMediaForFragmentList", "extra": #)",
    R"("kind": "missing", "fragment-index": 1)",
    R"("kind": "repeat", "fragment-index": 1)",
    R"("kind": "reorder")",
    R"("kind": "in-band-error", "fragment-index": 1)",
    R"("kind": "in-band-error", "fragment-index": 1, "code": "INTERNAL", "id": 5000)",
    R"("kind": "status", "status": 500)",
    R"("kind": "status", "status": 503)",
    R"("kind": "status", "status": 200, "body": "html")",
    R"("kind": "throttle")",
    R"("kind": "latency", "ms": 100)",
    R"("kind": "bytes-per-second", "operation": "GetMediaForFragmentList", "rate": 500000)",
    R"("kind": "moved-endpoint")",
    R"("kind": "cut", "operation": "ListFragments", "bytes": 10)",
    R"("kind": "empty-page")",
};

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  int roll(int least, int most) { return std::uniform_int_distribution<int>(least, most)(engine_); }

 private:
  std::mt19937 engine_;
};

std::string randomFaults(Dice& dice) {
  std::string faults;
  int vainAnswers = 3;  // with one more a fragment is left out, which is said
  for (int left = dice.roll(1, 5); left > 0; --left) {
    std::string fault =
        kFaults[static_cast<size_t>(dice.roll(0, static_cast<int>(kFaults.size()) - 1))];
    const bool isMove = fault.find("moved-endpoint") != std::string::npos;
    const bool isOfFragment = fault.find("fragment-index") != std::string::npos;
    // An endpoint that moves twice under one call is an error.
    const bool movesAgain = isMove && faults.find("moved-endpoint") != std::string::npos;
    if (movesAgain || (isOfFragment && vainAnswers == 0)) {
      continue;
    }
    const int count = isMove ? 1 : std::min(dice.roll(1, 2), isOfFragment ? vainAnswers : 2);
    vainAnswers -= isOfFragment ? count : 0;
    const size_t place = fault.find('#');
    if (place != std::string::npos) {
      fault.replace(place, 1, std::to_string(dice.roll(1, 60'000)));
    }
    faults += (faults.empty() ? "{" : ", {") + fault + R"(, "request": )" +
              std::to_string(dice.roll(1, 6)) + R"(, "count": )" + std::to_string(count) + "}";
  }
  return R"({"faults": [)" + faults + "]}";
}

size_t countEntries(const char* folder) {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(folder),
                                           std::filesystem::directory_iterator()));
}

long residentKilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.compare(0, 6, "VmRSS:") == 0) {
      return std::atol(line.c_str() + 6);
    }
  }
  return 0;
}

GstElement* source(const EmulatorProcess& emulator, Dice& dice, const std::string& tls) {
  GstElement* source = makeSource(emulator.url(), "cam1");
  const int prefetch = 1 << dice.roll(16, 24);
  g_object_set(source, "start-timestamp", "2026-03-01T10:00:00Z", "end-timestamp",
               "2026-03-01T10:05:00Z", "retry-backoff-factor", 0.02, "retry-backoff-max", 0.05,
               "timeout", 1, "retries", 20, "max-connections", dice.roll(1, 5), "prefetch-bytes",
               static_cast<guint64>(prefetch), nullptr);
  if (!tls.empty()) {
    g_object_set(source, "ssl-ca-file", (tls + "/ca.pem").c_str(), nullptr);
  }
  return source;
}

int soak(double minutes, unsigned seed, const std::string& tls) {
  using std::chrono::steady_clock;
  Dice dice(seed);
  std::vector<std::string> arguments = {"--request-log", "/dev/null"};
  if (!tls.empty()) {
    arguments.insert(arguments.end(), {"--tls-cert", tls + "/s.pem", "--tls-key", tls + "/s.key"});
  }
  const EmulatorProcess emulator(kConfig, arguments);
  const FaultJudge judge(emulator.manifest("cam1"), playDocument(source(emulator, dice, tls)));
  if (!judge.checkReference().empty()) {
    std::printf("the run without faults: %s\n", judge.checkReference().c_str());
    return 1;
  }
  const auto end = steady_clock::now() + std::chrono::duration<double, std::ratio<60>>(minutes);
  int rounds = 0;
  int wrong = 0;
  uint64_t retries = 0;
  size_t threads = 0;
  size_t files = 0;
  long early = 0;
  while (steady_clock::now() < end) {
    const std::string faults = randomFaults(dice);
    emulator.setFaults(faults);
    const Played played = playDocument(source(emulator, dice, tls));
    const Verdict verdict = judge.judge(played);
    retries += played.stats.count("retries") > 0 ? played.stats.at("retries") : 0;
    if (verdict.outcome != Outcome::kIdentical) {
      ++wrong;
      std::printf("round %d: %s\n  %s%s\n", rounds, faults.c_str(), verdict.why.c_str(),
                  played.error ? (" " + played.error->message).c_str() : "");
    }
    if (++rounds == 50) {
      threads = countEntries("/proc/self/task");
      files = countEntries("/proc/self/fd");
      early = residentKilobytes();
    }
    if (rounds % 100 == 0) {
      std::printf("%d rounds, %d wrong, %lu retries, %ld KB, %zu threads, %zu descriptors\n",
                  rounds, wrong, static_cast<unsigned long>(retries), residentKilobytes(),
                  countEntries("/proc/self/task"), countEntries("/proc/self/fd"));
      std::fflush(stdout);
    }
  }
  std::printf(
      "%d rounds, %d wrong, %lu retries; since round 50: %+ld KB, %+ld threads, %+ld "
      "descriptors\n",
      rounds, wrong, static_cast<unsigned long>(retries), residentKilobytes() - early,
      static_cast<long>(countEntries("/proc/self/task")) - static_cast<long>(threads),
      static_cast<long>(countEntries("/proc/self/fd")) - static_cast<long>(files));
  return wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace kvsarchive::test

int main(int argc, char** argv) {
  gst_init(nullptr, nullptr);
  const double minutes = argc > 1 ? std::atof(argv[1]) : 10;
  const auto seed = argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 1U;
  return kvsarchive::test::soak(minutes, seed, argc > 3 ? argv[3] : "");
}
