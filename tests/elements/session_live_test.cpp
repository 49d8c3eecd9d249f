// SPDX-License-Identifier: LGPL-2.1-or-later
// Sessions of a camera that records while they play.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "support/emulator_process.h"
#include "support/session_player.h"

namespace kvsarchive::test {
namespace {

constexpr size_t kFramesPerFragment = 10;

/// A camera that has been recording for 20 s, and one that stopped a minute ago.
std::string config() {
  const gint64 now = g_get_real_time() / G_USEC_PER_SEC;
  const std::string recording =
      R"({"type": "generated", "width": 64, "height": 64, "fragment-duration": 1, "fps": 10, )";
  return R"({"streams": [{"name": "live", "recordings": [)" + recording +
         R"("fragments": 60, "live": true, "start": )" + std::to_string(now - 20) +
         R"(}]}, {"name": "silent", "recordings": [)" + recording +
         R"("fragments": 10, "start": )" + std::to_string(now - 70) + "}]}]}";
}

class LiveSessions : public testing::Test {
 protected:
  static void SetUpTestSuite() { emulator_ = std::make_unique<EmulatorProcess>(config()); }
  static void TearDownTestSuite() { emulator_.reset(); }

  /// What was played is stored so, in one piece; where it begins.
  static size_t expectStored(const PlayedSession& played) {
    std::vector<std::string> stored;
    for (const auto& frame : emulator_->manifest("live").frames) {
      stored.push_back(frame.sha256);
    }
    std::vector<std::string> sums;
    for (const auto& [name, track] : played.tracks) {
      for (const auto& frame : track.frames) {
        sums.push_back(frame.sha256);
      }
    }
    const auto place = std::search(stored.begin(), stored.end(), sums.begin(), sums.end());
    EXPECT_NE(place, stored.end()) << sums.size() << " frames";
    return static_cast<size_t>(place - stored.begin());
  }

  inline static std::unique_ptr<EmulatorProcess> emulator_;
};

class LiveHls : public LiveSessions, public testing::WithParamInterface<const char*> {};

TEST_P(LiveHls, GoesOnWithTheNewestFragments) {
  GstElement* source = makeSessionSource(emulator_->url(), "live", "hls");
  constexpr size_t kWanted = 7 * kFramesPerFragment;  // the playlist has five at first
  const PlayedSession played =
      playSession(source, GetParam(), [](size_t frames) { return frames >= kWanted; });
  EXPECT_FALSE(played.error.has_value()) << played.error->message;
  size_t frames = played.frames();
  EXPECT_GE(frames, kWanted);
  // It began about 20 s behind the camera's start, less the playlist.
  EXPECT_GE(expectStored(played), 10 * kFramesPerFragment);
}

INSTANTIATE_TEST_SUITE_P(All, LiveHls, testing::Values("hlsdemux", "hlsdemux2"),
                         [](const auto& test) { return std::string(test.param); });

/// What these demuxers can play of a live manifest: see docs/elements.md.
TEST_F(LiveSessions, DashPlaysItsFirstManifest) {
  for (const char* demuxer : {"dashdemux", "dashdemux2"}) {
    GstElement* source = makeSessionSource(emulator_->url(), "live", "dash");
    const PlayedSession played = playSession(
        source, demuxer, [](size_t frames) { return frames >= 4 * kFramesPerFragment; });
    EXPECT_GE(played.frames(), 4 * kFramesPerFragment) << demuxer;
    expectStored(played);
  }
}

TEST_F(LiveSessions, MaxFragmentsIsTheLengthOfThePlaylist) {
  GstElement* source = makeSessionSource(emulator_->url(), "live", "dash");
  g_object_set(source, "max-fragments", 3, nullptr);
  const PlayedSession played = playToSink(source);
  size_t count = 0;
  for (size_t at = 0; (at = played.document.find("<S ", at)) != std::string::npos; ++at) {
    ++count;
  }
  EXPECT_EQ(count, 3U) << played.document;
}

TEST_F(LiveSessions, NeedAFragmentOfTheLastSeconds) {
  for (const char* protocol : {"hls", "dash"}) {
    const PlayedSession played =
        playToSink(makeSessionSource(emulator_->url(), "silent", protocol));
    ASSERT_TRUE(played.error.has_value());
    EXPECT_EQ(played.error->code, GST_RESOURCE_ERROR_NOT_FOUND);
    EXPECT_NE(played.error->message.find("a fragment of the last 30 seconds"), std::string::npos)
        << played.error->message;
  }
}

}  // namespace
}  // namespace kvsarchive::test
