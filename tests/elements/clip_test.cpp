// SPDX-License-Identifier: LGPL-2.1-or-later
// kvsclipsrc against a service that sends given MP4 files: layouts, scheduling, seeks.
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "support/clip_player.h"
#include "support/clip_service.h"

namespace kvsarchive::test {
namespace {

constexpr int kSeconds = 12;

TEST(Clip, EveryFrameOfEachLayoutPulledAndPushed) {
  for (const Mp4Layout layout : kMp4Layouts) {
    ClipService service(makeMp4(layout, kSeconds));
    service.list(kSeconds, 10'000);
    const Frames expected = framesOfMp4(service.mp4());
    ASSERT_EQ(expected.at("video").size(), size_t{kSeconds} * 10);
    ASSERT_GE(expected.at("audio").size(), size_t{kSeconds} * 7);
    for (const bool chunked : {false, true}) {
      service.onClip([&](size_t, ServerConnection& connection) {
        connection.write(chunked ? service.head(true) + chunk(service.mp4()) + chunk("")
                                 : service.whole());
      });
      for (const Scheduling scheduling : kSchedulings) {
        SCOPED_TRACE(std::string(nameOf(layout)) + (chunked ? ", chunked" : "") +
                     (scheduling == Scheduling::kPull ? ", pulled" : ", pushed"));
        const Played played = ClipPlayer(makeClipSource(service.url()), scheduling).playToEnd();
        EXPECT_TRUE(played.eos);
        EXPECT_TRUE(played.errors.empty()) << played.error->message << played.error->debug;
        EXPECT_EQ(framesOf(played), expected);
      }
    }
  }
}

TEST(Clip, SeeksInEachLayoutPulledAndPushed) {
  for (const Mp4Layout layout : kMp4Layouts) {
    ClipService service(makeMp4(layout, kSeconds, false));
    service.list(kSeconds, 10'000);
    const auto all = framesOfMp4(service.mp4()).at("video");
    for (const Scheduling scheduling : kSchedulings) {
      ClipPlayer player(makeClipSource(service.url()), scheduling);
      ASSERT_TRUE(player.preroll()) << nameOf(layout);
      if (layout == Mp4Layout::kFragmented && scheduling == Scheduling::kPush) {
        EXPECT_FALSE(player.seek(5000));  // qtdemux 1.22 can't, whatever the source
        continue;
      }
      for (const int second : {8, 2, 11, 0, 5}) {
        SCOPED_TRACE(std::string(nameOf(layout)) +
                     (scheduling == Scheduling::kPull ? ", pulled, to " : ", pushed, to ") +
                     std::to_string(second));
        ASSERT_TRUE(player.seek(second * 1000 + 550));
        // Of the whole file, wherever it is read.
        gint64 size = 0;
        EXPECT_TRUE(gst_element_query_duration(player.source(), GST_FORMAT_BYTES, &size));
        EXPECT_EQ(static_cast<size_t>(size), service.mp4().size());
      }
      const Played played = player.playToEnd();
      EXPECT_TRUE(played.eos);
      EXPECT_TRUE(played.errors.empty()) << played.error->message << played.error->debug;
      const auto frames = framesOf(played).at("video");
      const decltype(all) expected(all.begin() + 50, all.end());
      EXPECT_EQ(frames, expected) << nameOf(layout) << static_cast<int>(scheduling);
      EXPECT_EQ(service.clipRequests(), 1u + static_cast<size_t>(scheduling));
    }
  }
}

/// The rest of the file comes when there are pictures.
TEST(Clip, PlaysWhileItIsDownloaded) {
  for (const Scheduling scheduling : kSchedulings) {
    ClipService service(makeMp4(Mp4Layout::kMovieFirst, kSeconds, false));
    service.list(kSeconds, 10'000);
    std::atomic<bool> isPlaying{false};
    service.onClip([&](size_t, ServerConnection& connection) {
      const size_t most = service.mp4().size() / 2;
      connection.write(service.head() + service.mp4().substr(0, most));
      for (int i = 0; i < 500 && !isPlaying; ++i) {
        g_usleep(10'000);
      }
      EXPECT_TRUE(isPlaying) << static_cast<int>(scheduling);
      connection.write(service.mp4().substr(most));
    });
    ClipPlayer player(makeClipSource(service.url()), scheduling);
    ASSERT_TRUE(player.preroll());
    isPlaying = true;
    const Played played = player.playToEnd();
    EXPECT_TRUE(played.eos);
    EXPECT_EQ(framesOf(played), framesOfMp4(service.mp4()));
  }
}

TEST(Clip, TheFileIsPushedAsItIs) {
  ClipService service(makeMp4(Mp4Layout::kMovieLast, 2));
  const PushedClip pushed = pushClip(makeClipSource(service.url()));
  EXPECT_TRUE(pushed.played.eos);
  EXPECT_EQ(pushed.bytes, service.mp4());
  EXPECT_EQ(pushed.disconts, std::vector<size_t>{0});
}

}  // namespace
}  // namespace kvsarchive::test
