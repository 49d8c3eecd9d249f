// SPDX-License-Identifier: LGPL-2.1-or-later
// Players that are given nothing but a kvs:// URI; endpoint and keys are in the environment.
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "support/emulator_process.h"
#include "support/sanitizers/sanitizer_libraries.h"
#include "support/scoped_env.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 160, "height": 120, "fragments": 6, "fragment-duration": 1,
     "fps": 10, "audio": [{"codec": "aac"}], "start": "2026-03-01T10:00:00Z"}]}]})";

constexpr const char* kWhole =
    "kvs://us-east-1/cam1?start=2026-03-01T11:00:00+01:00&end=2026-03-01T10:10:00Z";

/// What came out of sinks.
struct Counts {
  std::atomic<int> video{0};
  std::atomic<int> audio{0};
  GstElement* pipeline = nullptr;
  const char* end = nullptr;  ///< end-timestamp, set by the application
};

void onHandoff(GstElement*, GstBuffer*, GstPad* pad, gpointer data) {
  auto* counts = static_cast<Counts*>(data);
  GstCaps* caps = gst_pad_get_current_caps(pad);
  const std::string name = gst_structure_get_name(gst_caps_get_structure(caps, 0));
  gst_caps_unref(caps);
  ++(name == "video/x-raw" ? counts->video : counts->audio);
}

GstElement* makeCountingSink(Counts* counts) {
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  g_object_set(sink, "signal-handoffs", TRUE, nullptr);
  g_signal_connect(sink, "handoff", G_CALLBACK(onHandoff), counts);
  return sink;
}

void onPad(GstElement*, GstPad* pad, gpointer data) {
  auto* counts = static_cast<Counts*>(data);
  GstElement* sink = makeCountingSink(counts);
  g_object_set(sink, "async", FALSE, nullptr);
  gst_bin_add(GST_BIN(counts->pipeline), sink);
  gst_element_sync_state_with_parent(sink);
  GstPad* sinkPad = gst_element_get_static_pad(sink, "sink");
  gst_pad_link(pad, sinkPad);
  gst_object_unref(sinkPad);
}

void onSource(GstElement*, GstElement* source, gpointer data) {
  if (const char* end = static_cast<Counts*>(data)->end) {
    g_object_set(source, "end-timestamp", end, "trim-end", FALSE, nullptr);
  }
}

/// The text of the error that it ended with, empty if it was the end of the stream.
std::string runToEnd(GstElement* pipeline) {
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* message = gst_bus_timed_pop_filtered(
      bus, 60 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  std::string text = message != nullptr ? "" : "neither end nor error";
  if (message != nullptr && GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    g_autoptr(GError) error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    text = error->message;
  }
  gst_clear_message(&message);
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  return text;
}

/// A program that is given nothing but the URI: all else comes from the environment.
struct Outcome {
  int status = -1;
  std::string output;
};

Outcome runProgram(const std::vector<std::string>& arguments) {
  GSubprocessLauncher* launcher = g_subprocess_launcher_new(static_cast<GSubprocessFlags>(
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE));
  const std::string preload = sanitizerLibraries();
  if (!preload.empty()) {
    g_subprocess_launcher_setenv(launcher, "LD_PRELOAD", preload.c_str(), TRUE);
  }
  std::vector<const gchar*> argv = {"timeout", "60"};
  for (const std::string& argument : arguments) {
    argv.push_back(argument.c_str());
  }
  argv.push_back(nullptr);
  g_autoptr(GError) error = nullptr;
  GSubprocess* process = g_subprocess_launcher_spawnv(launcher, argv.data(), &error);
  g_object_unref(launcher);
  Outcome run;
  if (process == nullptr) {
    run.output = error->message;
    return run;
  }
  g_autofree gchar* output = nullptr;
  g_subprocess_communicate_utf8(process, nullptr, nullptr, &output, nullptr, nullptr);
  run.status = g_subprocess_get_if_exited(process) ? g_subprocess_get_exit_status(process) : -1;
  run.output = output != nullptr ? output : "";
  g_object_unref(process);
  return run;
}

#define SKIP_WITHOUT(program)                                                        \
  if (g_autofree gchar* found = g_find_program_in_path(program); found == nullptr) { \
    GTEST_SKIP() << program << " is not installed";                                  \
  }

class Player : public testing::Test {
 protected:
  static void SetUpTestSuite() { emulator_ = new EmulatorProcess(kConfig); }
  static void TearDownTestSuite() {
    delete emulator_;
    emulator_ = nullptr;
  }
  static int stored(const char* type) {
    const Manifest manifest = emulator_->manifest("cam1");
    return static_cast<int>(std::count_if(manifest.frames.begin(), manifest.frames.end(),
                                          [&](const auto& f) { return f.trackType == type; }));
  }

  static const EmulatorProcess* emulator_;

 private:
  const ScopedEnv endpoint_{"AWS_ENDPOINT_URL_KINESIS_VIDEO", emulator_->url().c_str()};
  const ScopedEnv key_{"AWS_ACCESS_KEY_ID", kAccessKey};
  const ScopedEnv secret_{"AWS_SECRET_ACCESS_KEY", kSecretKey};
  const ScopedEnv token_{"AWS_SESSION_TOKEN", nullptr};
  const ScopedEnv region_{"AWS_REGION", "us-east-1"};
};

const EmulatorProcess* Player::emulator_ = nullptr;

/// Sinks of its own, or pads to link.
class Elements : public Player, public testing::WithParamInterface<const char*> {
 protected:
  std::string play(const char* uri, Counts* counts) {
    GstElement* element = gst_element_factory_make(GetParam(), nullptr);
    g_object_set(element, "uri", uri, nullptr);
    g_signal_connect(element, "source-setup", G_CALLBACK(onSource), counts);
    counts->pipeline = element;
    if (std::string(GetParam()).compare(0, 7, "playbin") == 0) {
      g_object_set(element, "video-sink", makeCountingSink(counts), "audio-sink",
                   makeCountingSink(counts), nullptr);
      gst_object_ref_sink(element);
    } else {
      g_signal_connect(element, "pad-added", G_CALLBACK(onPad), counts);
      counts->pipeline = GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr)));
      gst_bin_add(GST_BIN(counts->pipeline), element);
    }
    const std::string error = runToEnd(counts->pipeline);
    gst_object_unref(counts->pipeline);
    return error;
  }
};

TEST_P(Elements, PlayEveryFrame) {
  Counts counts;
  EXPECT_EQ(play(kWhole, &counts), "");
  EXPECT_EQ(counts.video, 60);
  EXPECT_EQ(counts.audio, stored("audio"));
}

TEST_P(Elements, PlayThePartThatTheUriAsksFor) {
  Counts counts;
  EXPECT_EQ(play("kvs:///cam1?start=2026-03-01T10:00:02Z&end=2026-03-01T10:00:03Z&lead-in=false"
                 "&trim-end=false&timeline=server&selector=producer-timestamp",
                 &counts),
            "");
  EXPECT_EQ(counts.video, 20);
}

TEST_P(Elements, LetTheApplicationSetTheOtherProperties) {
  Counts counts;
  counts.end = "2026-03-01T10:00:02.5Z";
  EXPECT_EQ(play("kvs:///cam1?start=2026-03-01T10:00:00Z", &counts), "");
  EXPECT_EQ(counts.video, 30);
}

TEST_P(Elements, TellWhatIsWrongWithAUri) {
  Counts counts;
  const std::string error = play("kvs:///cam1?start=0&endpoint-url=http://evil", &counts);
  EXPECT_NE(error.find("no key \"endpoint-url\", only start, end"), std::string::npos) << error;
}

TEST_P(Elements, TellWhyAStreamCannotBeRead) {
  Counts counts;
  const std::string error = play("kvs:///none?start=0", &counts);
  EXPECT_NE(error.find("stream is not found"), std::string::npos) << error;
}

INSTANTIATE_TEST_SUITE_P(All, Elements,
                         testing::Values("uridecodebin", "uridecodebin3", "playbin", "playbin3"),
                         [](const auto& test) { return std::string(test.param); });

/// A file whose length is the number of pixels of video that came, 1 byte each.
class PixelFile {
 public:
  PixelFile() { g_close(g_file_open_tmp("kvsarchive-XXXXXX.gray", &path_, nullptr), nullptr); }
  ~PixelFile() {
    g_unlink(path_);
    g_free(path_);
  }
  PixelFile(const PixelFile&) = delete;
  PixelFile& operator=(const PixelFile&) = delete;

  std::string sink() const {
    return "videoconvert ! video/x-raw,format=GRAY8 ! filesink location=" + std::string(path_);
  }
  double frames() const {
    GStatBuf status{};
    g_stat(path_, &status);
    return static_cast<double>(status.st_size) / (160 * 120);
  }

 private:
  gchar* path_ = nullptr;
};

TEST_F(Player, GstLaunchPlaysEveryFrame) {
  const PixelFile pixels;
  std::vector<std::string> arguments = {
      "gst-launch-1.0", "-q", "uridecodebin3", std::string("uri=") + kWhole, "name=d",
      "d.video_0",      "!"};
  g_auto(GStrv) words = g_strsplit(pixels.sink().c_str(), " ", -1);
  arguments.insert(arguments.end(), words, words + g_strv_length(words));
  arguments.insert(arguments.end(), {"d.audio_0", "!", "fakesink"});
  const Outcome run = runProgram(arguments);
  EXPECT_EQ(run.status, 0) << run.output;
  EXPECT_EQ(pixels.frames(), 60) << run.output;
}

TEST_F(Player, GstPlayPlaysEveryFrame) {
  SKIP_WITHOUT("gst-play-1.0");
  for (const char* option : {"--use-playbin3", "--volume=1"}) {  // the other leaves it at playbin
    const PixelFile pixels;
    const Outcome run =
        runProgram({"gst-play-1.0", "--no-interactive", option, "--videosink=" + pixels.sink(),
                    "--audiosink=fakesink", kWhole});
    EXPECT_EQ(run.status, 0) << run.output;
    EXPECT_NE(run.output.find("Reached end of play list"), std::string::npos) << run.output;
    EXPECT_EQ(run.output.find("ERROR"), std::string::npos) << run.output;
    EXPECT_EQ(pixels.frames(), 60) << run.output;
  }
}

TEST_F(Player, GstDiscovererTellsTracksAndDuration) {
  SKIP_WITHOUT("gst-discoverer-1.0");
  const Outcome run = runProgram(
      {"gst-discoverer-1.0", "kvs:///cam1?start=2026-03-01T10:00:00Z&end=2026-03-01T10:00:06Z"});
  EXPECT_EQ(run.status, 0) << run.output;
  for (const char* part : {": Matroska", ": H.264", ": MPEG-4 AAC", "Duration: 0:00:06."}) {
    EXPECT_NE(run.output.find(part), std::string::npos) << part << "\n" << run.output;
  }
}

}  // namespace
}  // namespace kvsarchive::test
