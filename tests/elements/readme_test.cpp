// SPDX-License-Identifier: LGPL-2.1-or-later
// What README.md tells to paste, pasted.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
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

/// Raw pictures in a file.
class PictureFile {
 public:
  std::string path() const { return file_.path(); }
  std::string sink() const {
    return "videoconvert ! video/x-raw,format=I420 ! filesink location=" + path();
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
  std::string variable;
  std::string command;
  ASSERT_NO_FATAL_FAILURE(readCommands("timeoverlay", &variable, &command));
  const PictureFile file;
  replace(&command, "autovideosink", file.sink());
  replace(&command, "timeoverlay ", std::string("timeoverlay") + kFont);
  const PlayerEnvironment environment(emulator.url());
  const ProgramRun run = runProgram({"sh", "-ec", variable + "\n" + command});
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
  std::string variable;
  std::string command;
  ASSERT_NO_FATAL_FAILURE(readCommands("mp4mux", &variable, &command));
  replace(&command, "location=cam1.mp4", "location=" + file.path());
  const PlayerEnvironment environment(emulator.url());
  const ProgramRun run = runProgram({"sh", "-ec", variable + "\n" + command});
  ASSERT_EQ(run.status, 0) << run.output;

  GstElement* source = gst_element_factory_make("filesrc", nullptr);
  g_object_set(source, "location", file.path().c_str(), nullptr);
  const Played played = play(source, "qtdemux");
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

}  // namespace
}  // namespace kvsarchive::test
