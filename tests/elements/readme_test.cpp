// SPDX-License-Identifier: LGPL-2.1-or-later
// What README.md tells to paste, pasted.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "support/emulator_process.h"
#include "support/painted_number.h"
#include "support/pipeline_run.h"
#include "support/player.h"
#include "support/player_environment.h"
#include "support/program_run.h"
#include "support/stored_times.h"
#include "support/temp_file.h"

namespace kvsarchive::test {
namespace {

constexpr int kWidth = 320;
constexpr int kHeight = 240;
constexpr const char* kFont = " font-desc=\"Monospace 18\" ";

const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"width": 320, "height": 240, "fragments": 3, "fragment-duration": 1, "fps": 10,
     "start": "2026-03-01T10:00:00.250Z",
     "restarts": [{"after-fragment": 1, "timecodes": "zero", "pause": 40}]}]}]})";

/// From the first line that begins with `begin` to the end of the command, in README's own words.
std::string commandOf(const std::string& readme, const std::string& begin,
                      const std::string& part) {
  for (size_t at = readme.find("\n" + begin); at != std::string::npos;
       at = readme.find("\n" + begin, at + 1)) {
    size_t end = readme.find('\n', at + 1);
    while (readme[end - 1] == '\\') {
      end = readme.find('\n', end + 1);
    }
    const std::string command = readme.substr(at + 1, end - at - 1);
    if (command.find(part) != std::string::npos) {
      return command;
    }
  }
  ADD_FAILURE() << "README has no command with " << part;
  return "";
}

void replace(std::string* text, const std::string& what, const std::string& with) {
  const size_t at = text->find(what);
  ASSERT_NE(at, std::string::npos) << "no " << what << " in " << *text;
  text->replace(at, what.size(), with);
}

/// The command with `part`, and the line that sets its source to an emulator's stream.
void readCommands(const std::string& part, std::string* variable, std::string* command) {
  g_autofree gchar* readme = nullptr;
  ASSERT_TRUE(g_file_get_contents(std::getenv("KVSARCHIVE_README"), &readme, nullptr, nullptr));
  *variable = commandOf(readme, "src=", "start-timestamp=2026-03-01");
  *command = commandOf(readme, "gst-launch-1.0 ", part);
}

using Changes = std::vector<std::pair<std::string, std::string>>;

/// Runs the command with `part` as README says it, but for what has to be another.
ProgramRun paste(const EmulatorProcess& emulator, const std::string& part, const Changes& changes) {
  std::string variable;
  std::string command;
  readCommands(part, &variable, &command);
  for (const auto& [what, with] : changes) {
    replace(&command, what, with);
  }
  const PlayerEnvironment environment(emulator.url());
  return runProgram({"sh", "-ec", variable + "\n" + command});
}

Played playFile(const std::string& path, const char* demuxer) {
  GstElement* source = gst_element_factory_make("filesrc", nullptr);
  g_object_set(source, "location", path.c_str(), nullptr);
  return play(source, demuxer);
}

/// Raw pictures in a file.
class PictureFile {
 public:
  std::string path() const { return file_.path(); }
  std::string sink() const {
    return "videoconvert ! video/x-raw,format=I420 ! filesink location=" + path();
  }
  /// Those that are painted into the pictures.
  std::vector<int> numbers() const {
    GstCaps* caps = gst_caps_from_string("video/x-raw,format=I420,width=320,height=240");
    std::vector<int> numbers;
    for (const std::string& picture : pictures()) {
      GstBuffer* buffer = gst_buffer_new_memdup(picture.data(), picture.size());
      numbers.push_back(paintedNumber(buffer, caps));
      gst_buffer_unref(buffer);
    }
    gst_caps_unref(caps);
    return numbers;
  }
  std::vector<std::string> pictures() const {
    g_autofree gchar* bytes = nullptr;
    gsize length = 0;
    g_file_get_contents(file_.path(), &bytes, &length, nullptr);
    constexpr gsize kSize = kWidth * kHeight * 3 / 2;
    EXPECT_EQ(length % kSize, 0U);
    std::vector<std::string> pictures;
    for (gsize at = 0; at + kSize <= length; at += kSize) {
      pictures.emplace_back(bytes + at, kSize);
    }
    return pictures;
  }

 private:
  const TempFile file_{""};
};

/// The text that pictures are to get: their time and a bit, to the second.
struct Caption {
  const StoredTimes* stored;
  int64_t aheadMs;
  GstElement* overlay;
};

GstPadProbeReturn caption(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  const auto* wanted = static_cast<Caption*>(data);
  GstCaps* caps = gst_pad_get_current_caps(pad);
  const int number = paintedNumber(GST_PAD_PROBE_INFO_BUFFER(info), caps);
  gst_caps_unref(caps);
  const auto& pictures = wanted->stored->tracks.at("video_0");
  if (number < 0 || static_cast<size_t>(number) >= pictures.size()) {
    return GST_PAD_PROBE_DROP;  // the number of pictures will tell
  }
  const int64_t ms = pictures[static_cast<size_t>(number)].ms + wanted->aheadMs;
  GDateTime* time = g_date_time_new_from_unix_utc(ms / 1000);
  g_autofree gchar* text = g_date_time_format(time, "%Y-%m-%d %H:%M:%S");
  g_date_time_unref(time);
  g_object_set(wanted->overlay, "text", text, nullptr);
  return GST_PAD_PROBE_OK;
}

/// The recording's pictures with the time that is right, or another, written into them by an
/// element that knows nothing of times.
std::vector<std::string> captioned(const EmulatorProcess& emulator, int64_t aheadMs) {
  const PictureFile file;
  const std::string line =
      "matroskademux name=d ! h264parse ! avdec_h264 ! videoconvert ! textoverlay name=o "
      "halignment=left valignment=top line-alignment=left" +
      std::string(kFont) + "! " + file.sink();
  g_autoptr(GError) error = nullptr;
  GstElement* pipeline = gst_parse_launch(line.c_str(), &error);
  EXPECT_EQ(error, nullptr);
  const StoredTimes stored(emulator.manifest("cam1"));
  Caption wanted{&stored, aheadMs, gst_bin_get_by_name(GST_BIN(pipeline), "o")};
  GstPad* pad = gst_element_get_static_pad(wanted.overlay, "video_sink");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, caption, &wanted, nullptr);
  gst_object_unref(pad);
  GstElement* source = makeSource(emulator.url(), "cam1");
  GstElement* demux = gst_bin_get_by_name(GST_BIN(pipeline), "d");
  gst_bin_add(GST_BIN(pipeline), source);
  gst_element_link(source, demux);
  EXPECT_EQ(playToEnd(pipeline), "");
  gst_object_unref(demux);
  gst_object_unref(wanted.overlay);
  gst_object_unref(pipeline);
  return file.pictures();
}

TEST(Readme, WritesTheWallClockIntoThePicture) {
  if (GstElementFactory* overlay = gst_element_factory_find("timeoverlay"); overlay == nullptr) {
    GTEST_SKIP() << "timeoverlay is not installed";
  } else {
    gst_object_unref(overlay);
  }
  const EmulatorProcess emulator(kConfig);
  const PictureFile file;
  const ProgramRun run =
      paste(emulator, "timeoverlay",
            {{"autovideosink", file.sink()}, {"timeoverlay ", std::string("timeoverlay") + kFont}});
  ASSERT_EQ(run.status, 0) << run.output;

  const std::vector<std::string> pictures = file.pictures();
  const std::vector<std::string> right = captioned(emulator, 0);
  const std::vector<std::string> wrong = captioned(emulator, 1000);
  ASSERT_EQ(pictures.size(), 30U);
  ASSERT_EQ(right.size(), 30U);
  ASSERT_EQ(wrong.size(), 30U);
  for (size_t i = 0; i < pictures.size(); ++i) {
    EXPECT_TRUE(pictures[i] == right[i]) << "picture " << i;
    EXPECT_FALSE(pictures[i] == wrong[i]) << "picture " << i;
  }
}

/// Its times are those of the frames, though they are not stored in that order.
TEST(Readme, MakesAnMp4OfBFrames) {
  if (GstElementFactory* stamper = gst_element_factory_find("h264timestamper")) {
    gst_object_unref(stamper);
  } else {
    GTEST_SKIP() << "h264timestamper is not installed";
  }
  const EmulatorProcess emulator(R"({"streams": [{"name": "cam1", "recordings": [
      {"width": 160, "height": 120, "fragments": 3, "fragment-duration": 1, "fps": 10,
       "b-frames": 2, "start": "2026-03-01T10:00:00.250Z"}]}]})");
  const PictureFile file;
  const ProgramRun run = paste(emulator, "mp4mux", {{"cam1.mp4", file.path()}});
  ASSERT_EQ(run.status, 0) << run.output;

  const Played played = playFile(file.path(), "qtdemux");
  ASSERT_TRUE(played.eos);
  const PlayedTrack* track = played.first(true);
  ASSERT_NE(track, nullptr);
  std::vector<int64_t> times;
  for (const PlayedFrame& frame : track->frames) {
    times.push_back(frame.runningNs);
  }
  EXPECT_FALSE(std::is_sorted(times.begin(), times.end()));  // there are B-frames
  std::sort(times.begin(), times.end());
  ASSERT_EQ(times.size(), 30U);
  for (size_t i = 0; i < times.size(); ++i) {
    EXPECT_EQ(times[i], static_cast<int64_t>(i * 100 * GST_MSECOND));
  }
}

constexpr const char* kTimes =
    "start-timestamp=2026-03-01T10:00:00Z end-timestamp=2026-03-01T10:01:50Z";

/// Of a recording with sound.
class Pasted : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    emulator_ = std::make_unique<EmulatorProcess>(R"({"streams": [{"name": "cam1", "recordings": [
        {"width": 320, "height": 240, "fragments": 3, "fragment-duration": 1, "fps": 10,
         "audio": [{"codec": "aac"}], "start": "2026-03-01T10:00:00Z"}]}]})");
  }
  static void TearDownTestSuite() { emulator_.reset(); }

  static void expectRuns(const std::string& part, const Changes& changes) {
    const ProgramRun run = paste(*emulator_, part, changes);
    EXPECT_EQ(run.status, 0) << run.output;
  }
  /// All pictures of the recording, once and in order.
  static void expectAll(const PictureFile& file) {
    std::vector<int> all(30);
    std::iota(all.begin(), all.end(), 0);
    EXPECT_EQ(file.numbers(), all);
  }
  static void expectAllFrames(const std::string& path, const char* demuxer) {
    const Manifest stored = emulator_->manifest("cam1");
    const Played played = playFile(path, demuxer);
    ASSERT_TRUE(played.eos);
    EXPECT_EQ(played.frames(), stored.frames.size());
  }

  inline static std::unique_ptr<const EmulatorProcess> emulator_;
};

TEST_F(Pasted, PlaysARangeOfAWS) {
  const PictureFile file;
  expectRuns("aws-region=eu-west-1 \\\n    start-timestamp",
             {{"eu-west-1", "us-east-1"}, {"autovideosink", file.sink()}});
  expectAll(file);
}

TEST_F(Pasted, SavesADocument) {
  for (const char* part : {"$src ! filesink", "max-connections=5"}) {
    SCOPED_TRACE(part);
    const PictureFile file;
    expectRuns(part, {{"cam1.mkv", file.path()}});
    expectAllFrames(file.path(), "matroskademux");
  }
}

TEST_F(Pasted, SavesAClip) {
  const PictureFile file;
  expectRuns("clip.mp4",
             {{"start-timestamp=now-1h end-timestamp=now-59m", kTimes}, {"clip.mp4", file.path()}});
  expectAllFrames(file.path(), "qtdemux");
}

TEST_F(Pasted, SavesClips) {
  const PictureFile file;
  expectRuns("long-clips=split",
             {{"start-timestamp=now-3h", kTimes}, {"cam1-%05d.mp4", file.path()}});
  expectAllFrames(file.path(), "qtdemux");
}

TEST_F(Pasted, PlaysVideoAndAudio) {
  const PictureFile video;
  const TempFile audio{""};
  expectRuns("aacparse", {{"autovideosink", video.sink()},
                          {"autoaudiosink", std::string("filesink location=") + audio.path()}});
  expectAll(video);
  g_autofree gchar* sound = nullptr;
  gsize size = 0;
  ASSERT_TRUE(g_file_get_contents(audio.path(), &sound, &size, nullptr));
  EXPECT_GT(size, 0U);
}

TEST_F(Pasted, PlaysWhateverCodecItIs) {
  const PictureFile file;
  expectRuns("$src ! decodebin3", {{"autovideosink", file.sink()}});
  expectAll(file);
}

TEST_F(Pasted, DecodesAsFastAsItGoes) { expectRuns("fakesink sync=false", {}); }

/// The line is live; a recording has an end.
TEST_F(Pasted, PlaysASession) {
  const PictureFile file;
  expectRuns("kvssessionsrc",
             {{"aws-region=eu-west-1",
               std::string("aws-region=us-east-1 playback-mode=on-demand ") + kTimes},
              {"autovideosink", "videoconvert ! " + file.sink()}});
  expectAll(file);
}

TEST_F(Pasted, TellsEachFragment) {
  const ProgramRun run = paste(*emulator_, "post-fragment-messages", {});
  EXPECT_EQ(run.status, 0) << run.output;
  for (const auto& fragment : emulator_->manifest("cam1").fragments) {
    EXPECT_NE(run.output.find("fragment-number=(string)" + fragment.number), std::string::npos)
        << run.output;
  }
}

}  // namespace
}  // namespace kvsarchive::test
