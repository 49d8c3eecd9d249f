// SPDX-License-Identifier: LGPL-2.1-or-later
// How long a seek takes until the first frame is in the sinks, where each request takes 50 ms, for
// places that are listed and that are not, and what that is of the requests' own time. Medians.
// Environment as that of the tests.
#include <gst/gst.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "support/emulator_process.h"
#include "support/player.h"
#include "support/seek_player.h"

namespace kvsarchive::test {
namespace {

constexpr int kLatencyMs = 50;
constexpr int kSeeks = 15;
constexpr int kHours = 12;

const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "bulk", "duration": 43200, "fragment-duration": 2, "fragment-size": 250000,
     "start": "2026-03-01T00:00:00Z"}]}],
    "faults": [{"kind": "latency", "ms": 50}]})";

struct Kind {
  const char* name;
  int flags;
};

const Kind kKinds[] = {
    {"FLUSH", GST_SEEK_FLAG_FLUSH},
    {"FLUSH KEY_UNIT", GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT},
    {"FLUSH KEY_UNIT SNAP_AFTER",
     GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT | GST_SEEK_FLAG_SNAP_AFTER},
    {"FLUSH ACCURATE", GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE},
};

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

/// Milliseconds; negative if it fails.
double timeOf(SeekPlayer& player, int64_t ms, int flags) {
  const gint64 asked = g_get_monotonic_time();
  const bool done = player.seek(ms, flags) && player.settle();
  return done ? static_cast<double>(g_get_monotonic_time() - asked) / 1000 : -1;
}

int measure() {
  const EmulatorProcess emulator(kConfig);
  GstElement* element = makeSource(emulator.url(), "cam1");
  g_object_set(element, "start-timestamp", "2026-03-01T00:00:00Z", "end-timestamp",
               "2026-03-01T12:00:00Z", nullptr);
  SeekPlayer player(element);
  const gint64 begun = g_get_monotonic_time();
  if (!player.preroll()) {
    return 1;
  }
  std::printf("start: %.0f ms\n", static_cast<double>(g_get_monotonic_time() - begun) / 1000);
  std::printf("| seek | not listed, ms | of 2 requests | listed, ms | of 1 request |\n");
  std::printf("|---|---|---|---|---|\n");
  std::mt19937 random(1);
  for (const Kind& kind : kKinds) {
    std::vector<double> unknown;
    std::vector<double> known;
    for (int i = 0; i < kSeeks; ++i) {
      // Alternately in the two halves, so that the place is never among what was listed last.
      const int64_t half = kHours * 3'600'000 / 2;
      const int64_t place = (i % 2) * half + static_cast<int64_t>(random() % (half - 120'000));
      unknown.push_back(timeOf(player, place, kind.flags));
      known.push_back(timeOf(player, place + 20'000, kind.flags));
    }
    if (*std::min_element(unknown.begin(), unknown.end()) < 0 ||
        *std::min_element(known.begin(), known.end()) < 0) {
      return 1;
    }
    std::printf("| %s | %.1f | %.2f | %.1f | %.2f |\n", kind.name, median(unknown),
                median(unknown) / (2 * kLatencyMs), median(known), median(known) / kLatencyMs);
  }
  return 0;
}

}  // namespace
}  // namespace kvsarchive::test

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  return kvsarchive::test::measure();
}
