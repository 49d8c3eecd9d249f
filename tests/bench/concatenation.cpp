// SPDX-License-Identifier: LGPL-2.1-or-later
// Prints, for each kind of recording and each real sample, how many frames come through and how far
// their times are off: through kvsarchivesrc, and with the service's bytes saved as they are and
// played by the same demuxer, which is what users do today.
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gst/gst.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

#include "kvs/connection.h"
#include "support/emulator_process.h"
#include "support/player.h"
#include "support/recordings.h"
#include "support/temp_file.h"

namespace kvsarchive::test {
namespace {

struct Figures {
  size_t delivered = 0;
  int64_t worstMs = 0;  ///< greatest error of a running time, against the first frame's
};

Manifest inOrder(Manifest manifest) {
  std::stable_sort(manifest.fragments.begin(), manifest.fragments.end(),
                   [](const auto& a, const auto& b) { return a.producerMs < b.producerMs; });
  return manifest;
}

/// Saves the bodies for all fragments, one behind the other.
void download(const std::string& url, const Manifest& manifest, const char* path) {
  kvs::ConnectionSettings settings;
  settings.streamName = "cam1";
  settings.region = "us-east-1";
  settings.endpointUrl = url;
  settings.keys.accessKeyId = kAccessKey;
  settings.keys.secretKey = kSecretKey;
  auto connection = kvs::Connection::make(settings, systemClock());
  const CancelToken never;
  std::vector<std::string> numbers;
  for (const auto& fragment : manifest.fragments) {
    numbers.push_back(fragment.number);
  }
  auto& client = (*connection)->client();
  auto budget = client.newRetryBudget();
  const auto call = client.getMediaForFragmentList(numbers, 16 << 20, budget);
  auto body = client.wait(*call, never);
  std::ofstream file(path, std::ios::binary);
  for (auto bytes = (*body)->read(never); bytes && !bytes->empty(); bytes = (*body)->read(never)) {
    file << bytes->view();
  }
}

Figures compare(const Manifest& manifest, const Played& played) {
  // Where a frame's bytes occur more than once, each occurrence is taken in turn.
  std::map<std::string, std::vector<int64_t>> times;
  int64_t origin = INT64_MAX;
  for (const auto& frame : manifest.frames) {
    times[frame.trackType + frame.sha256].push_back(frame.timeMs);
    origin = std::min(origin, frame.timeMs);
  }
  for (auto& [key, list] : times) {
    std::sort(list.rbegin(), list.rend());
  }
  Figures figures;
  for (const auto& [name, track] : played.tracks) {
    for (const auto& frame : track.frames) {
      auto& list = times[name.substr(0, 5) + frame.sha256];
      if (list.empty() || frame.runningNs < 0) {
        continue;  // a sink clips what is outside of its segment
      }
      const int64_t expected = list.back() - origin;
      list.pop_back();
      ++figures.delivered;
      figures.worstMs = std::max(figures.worstMs, std::abs(frame.runningNs / 1'000'000 - expected));
    }
  }
  return figures;
}

void measure(const char* name, const EmulatorProcess& emulator) {
  const Manifest manifest = inOrder(emulator.manifest("cam1"));
  const Figures ours = compare(manifest, play(makeSource(emulator.url(), "cam1")));
  const TempFile document("");
  download(emulator.url(), manifest, document.path());
  GstElement* file = gst_element_factory_make("fdsrc", nullptr);
  const int descriptor = g_open(document.path(), O_RDONLY, 0);
  g_object_set(file, "fd", descriptor, nullptr);
  const Played concatenated = play(file);
  const Figures plain = compare(manifest, concatenated);
  std::printf("| %s | %zu | %zu | %" PRId64 " | %zu | %" PRId64 "%s |\n", name,
              manifest.frames.size(), ours.delivered, ours.worstMs, plain.delivered, plain.worstMs,
              concatenated.error ? ", error" : "");
  std::fflush(stdout);
  g_close(descriptor, nullptr);
}

void measureSample(const char* file) {
  const char* data = std::getenv("KVSARCHIVE_SHARED_DATA");
  const std::string path = std::string(data != nullptr ? data : "") + "/getmedia/" + file;
  if (g_file_test(path.c_str(), G_FILE_TEST_EXISTS) == FALSE) {
    std::printf("| %s | not there | | | | |\n", file);
    return;
  }
  const EmulatorProcess emulator(R"({"streams": [{"name": "cam1", "recordings": [
      {"type": "raw", "path": ")" +
                                 path + R"("}]}]})");
  measure(file, emulator);
}

}  // namespace
}  // namespace kvsarchive::test

int main(int argc, char** argv) {
  using namespace kvsarchive::test;
  gst_init(&argc, &argv);
  std::printf(
      "| recording | frames | kvsarchivesrc | error ms | concatenated | error ms |\n"
      "|---|---|---|---|---|---|\n");
  {
    const EmulatorProcess demo("{}", {"--demo", "cam1"});
    measure("demo", demo);
  }
  for (const Recording& recording : kRecordings) {
    const EmulatorProcess emulator(configOf(recording));
    measure(recording.name, emulator);
  }
  for (const char* file : {"output_get_media.mkv", "output-get-media-non-increasing-timecode.mkv",
                           "test_mixed_tags.mkv"}) {
    measureSample(file);
  }
  return 0;
}
