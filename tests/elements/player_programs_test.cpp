// SPDX-License-Identifier: LGPL-2.1-or-later
// GStreamer's programs, given nothing but a kvs:// URI; endpoint and keys are in the environment.
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/emulator_process.h"
#include "support/player_environment.h"
#include "support/program_run.h"
#include "support/temp_file.h"

namespace kvsarchive::test {
namespace {

#define SKIP_WITHOUT(program)                                                        \
  if (g_autofree gchar* found = g_find_program_in_path(program); found == nullptr) { \
    GTEST_SKIP() << program << " is not installed";                                  \
  }

class Program : public testing::Test {
 private:
  const EmulatorProcess emulator_{kSixSeconds};
  const PlayerEnvironment environment_{emulator_.url()};
};

/// A file whose length is the number of pixels of video that came, 1 byte each.
class PixelFile {
 public:
  std::string sink() const {
    return "videoconvert ! video/x-raw,format=GRAY8 ! filesink location=" +
           std::string(file_.path());
  }
  double frames() const {
    GStatBuf status{};
    g_stat(file_.path(), &status);
    return static_cast<double>(status.st_size) / (160 * 120);
  }

 private:
  const TempFile file_{""};
};

TEST_F(Program, GstLaunchPlaysEveryFrame) {
  const PixelFile pixels;
  std::vector<std::string> arguments = {
      "gst-launch-1.0", "-q", "uridecodebin3", std::string("uri=") + kSixSecondsUri, "name=d",
      "d.video_0",      "!"};
  g_auto(GStrv) words = g_strsplit(pixels.sink().c_str(), " ", -1);
  arguments.insert(arguments.end(), words, words + g_strv_length(words));
  arguments.insert(arguments.end(), {"d.audio_0", "!", "fakesink"});
  const ProgramRun run = runProgram(arguments);
  EXPECT_EQ(run.status, 0) << run.output;
  EXPECT_EQ(pixels.frames(), 60) << run.output;
}

TEST_F(Program, GstPlayPlaysEveryFrame) {
  SKIP_WITHOUT("gst-play-1.0");
  for (const char* option : {"--use-playbin3", "--volume=1"}) {  // the other leaves it at playbin
    const PixelFile pixels;
    const ProgramRun run =
        runProgram({"gst-play-1.0", "--no-interactive", option, "--videosink=" + pixels.sink(),
                    "--audiosink=fakesink", kSixSecondsUri});
    EXPECT_EQ(run.status, 0) << run.output;
    EXPECT_NE(run.output.find("Reached end of play list"), std::string::npos) << run.output;
    EXPECT_EQ(run.output.find("ERROR"), std::string::npos) << run.output;
    EXPECT_EQ(pixels.frames(), 60) << run.output;
  }
}

TEST_F(Program, GstDiscovererTellsTracksAndDuration) {
  SKIP_WITHOUT("gst-discoverer-1.0");
  const ProgramRun run = runProgram(
      {"gst-discoverer-1.0", "kvs:///cam1?start=2026-03-01T10:00:00Z&end=2026-03-01T10:00:06Z"});
  EXPECT_EQ(run.status, 0) << run.output;
  for (const char* part :
       {": Matroska", ": H.264", ": MPEG-4 AAC", "Duration: 0:00:06.000000000", "Seekable: yes"}) {
    EXPECT_NE(run.output.find(part), std::string::npos) << part << "\n" << run.output;
  }
}

/// The end of what is recorded, or of the range where that cuts. The range is one that is listed
/// before the first frame: of longer ones the duration may still be the range's when it is asked.
TEST_F(Program, GstDiscovererTellsTheDurationToTheMillisecond) {
  SKIP_WITHOUT("gst-discoverer-1.0");
  for (const auto& [end, duration] : {std::pair("10:00:30Z", "0:00:06.000000000"),
                                      std::pair("10:00:04.567Z", "0:00:04.567000000")}) {
    const ProgramRun run =
        runProgram({"gst-discoverer-1.0",
                    std::string("kvs:///cam1?start=2026-03-01T10:00:00Z&end=2026-03-01T") + end});
    EXPECT_NE(run.output.find(std::string("Duration: ") + duration), std::string::npos)
        << run.output;
  }
}

TEST_F(Program, GstPlayStartsWhereItIsTold) {
  SKIP_WITHOUT("gst-play-1.0");
  for (const char* option : {"--use-playbin3", "--volume=1"}) {
    const PixelFile pixels;
    const ProgramRun run =
        runProgram({"gst-play-1.0", "--no-interactive", option, "--start-position=3.25",
                    "--videosink=" + pixels.sink(), "--audiosink=fakesink", kSixSecondsUri});
    EXPECT_EQ(run.status, 0) << run.output;
    EXPECT_EQ(run.output.find("Could not seek"), std::string::npos) << run.output;
    EXPECT_EQ(pixels.frames(), 28) << run.output;  // from the one at 3.2 s on
  }
}

/// Each arrow to the right leads on by a second.
TEST_F(Program, GstPlaySeeksByKey) {
  SKIP_WITHOUT("gst-play-1.0");
  int keyboard = -1;
  int terminal = -1;
  ASSERT_EQ(openpty(&keyboard, &terminal, nullptr, nullptr, nullptr), 0);
  const PixelFile pixels;
  std::atomic<bool> over{false};
  std::thread hand([&] {
    while (!over && write(keyboard, "\033[C", 3) == 3) {
      g_usleep(250'000);
    }
  });
  const ProgramRun run = runProgram({"gst-play-1.0", "--videosink=" + pixels.sink() + " sync=true",
                                     "--audiosink=fakesink sync=true", kSixSecondsUri},
                                    terminal);
  over = true;
  hand.join();
  close(keyboard);
  EXPECT_EQ(run.status, 0) << run.output;
  EXPECT_NE(run.output.find("Reached end of play list"), std::string::npos) << run.output;
  // A flush empties the file: it has what came behind the last seek.
  EXPECT_GE(pixels.frames(), 1) << run.output;
  EXPECT_LE(pixels.frames(), 30) << run.output;
}

}  // namespace
}  // namespace kvsarchive::test
