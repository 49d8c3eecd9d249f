// SPDX-License-Identifier: LGPL-2.1-or-later
// Sessions played by stock demuxers, frame by frame.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/emulator_process.h"
#include "support/session_player.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"streams": [
  {"name": "cam1", "recordings": [
    {"type": "generated", "width": 160, "height": 120, "fragments": 8, "fragment-duration": 1,
     "fps": 10, "start": "2026-03-01T10:00:00Z"}]},
  {"name": "cam2", "recordings": [
    {"type": "generated", "width": 160, "height": 120, "fragments": 8, "fragment-duration": 1,
     "fps": 10, "audio": [{"codec": "aac"}], "start": "2026-03-01T10:00:00Z"}]}]})";

std::vector<std::string> storedSums(const Manifest& manifest, const char* type) {
  std::vector<std::string> sums;
  for (const auto& frame : manifest.frames) {
    if (frame.trackType == type) {
      sums.push_back(frame.sha256);
    }
  }
  return sums;
}

std::vector<std::string> playedSums(const Played& played, bool video) {
  std::vector<std::string> sums;
  for (const auto& [name, track] : played.tracks) {
    if (track.isVideo() == video) {
      for (const auto& frame : track.frames) {
        sums.push_back(frame.sha256);
      }
    }
  }
  return sums;
}

void setRange(GstElement* source, const char* mode, const char* start, const char* end) {
  gst_util_set_object_arg(G_OBJECT(source), "playback-mode", mode);
  g_object_set(source, "start-timestamp", start, "end-timestamp", end, nullptr);
}

struct Case {
  const char* protocol;
  const char* demuxer;
};

class Sessions : public testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() { emulator_ = new EmulatorProcess(kConfig); }
  static void TearDownTestSuite() {
    delete emulator_;
    emulator_ = nullptr;
  }
  GstElement* source(const char* stream) {
    return makeSessionSource(emulator_->url(), stream, GetParam().protocol);
  }

  static EmulatorProcess* emulator_;
};

EmulatorProcess* Sessions::emulator_ = nullptr;

TEST_P(Sessions, OnDemand) {
  for (const char* selector : {"producer-timestamp", "server-timestamp"}) {
    for (const char* stream : {"cam1", "cam2"}) {
      GstElement* element = source(stream);
      setRange(element, "on-demand", "2026-03-01T09:00:00Z", "2026-03-01T11:00:00Z");
      gst_util_set_object_arg(G_OBJECT(element), "fragment-selector-type", selector);
      const PlayedSession played = playSession(element, GetParam().demuxer);
      SCOPED_TRACE(std::string(selector) + " " + stream);
      EXPECT_TRUE(played.eos) << (played.error ? played.error->message + played.error->debug : "");
      EXPECT_EQ(playedSums(played, true), storedSums(emulator_->manifest(stream), "video"));
      EXPECT_EQ(playedSums(played, false), storedSums(emulator_->manifest(stream), "audio"));
      EXPECT_EQ(played.sessions, 1U);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Sessions,
                         testing::Values(Case{"hls", "hlsdemux"}, Case{"dash", "dashdemux"},
                                         Case{"hls", "hlsdemux2"}, Case{"dash", "dashdemux2"}),
                         [](const auto& test) { return std::string(test.param.demuxer); });

}  // namespace
}  // namespace kvsarchive::test
