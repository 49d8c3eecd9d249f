// SPDX-License-Identifier: LGPL-2.1-or-later
// The document in a file: as it comes, and without what only the source can follow.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/document_reader.h"
#include "support/emulator_process.h"
#include "support/expectation.h"
#include "support/pipeline_run.h"
#include "support/player.h"
#include "support/seek_player.h"
#include "support/temp_file.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 160, "height": 120, "fragments": 12, "fragment-duration": 1,
     "fps": 10, "audio": [{"codec": "aac"}], "start": "2026-03-01T10:00:00Z"}]}]})";

/// What stands between the source and the file, and what else is linked.
struct Way {
  const char* name;
  const char* pipeline;
  bool hasCues;
};

const Way kWays[] = {
    {"Straight", "filesink name=file", false},
    {"ThroughABin", "( queue ! identity ! filesink name=file )", false},
    {"ToTwoFiles",
     "tee name=t ! queue ! filesink name=file t. ! queue ! filesink location=/dev/null", false},
    {"ToAFileAndTheNet",
     "tee name=t ! queue ! filesink name=file t. ! queue ! udpsink host=127.0.0.1 port=9", false},
    {"BesideADemuxer",
     "tee name=t ! queue ! filesink name=file t. ! queue ! matroskademux ! fakesink sync=false",
     true},
    {"BesideWhoKnowsWhat",
     "tee name=t ! queue ! filesink name=file t. ! queue ! fakesink sync=false", true},
};

class Saving : public testing::TestWithParam<Way> {
 protected:
  static void SetUpTestSuite() { emulator_ = std::make_unique<EmulatorProcess>(kConfig); }
  static void TearDownTestSuite() { emulator_.reset(); }

  static GstElement* source() { return makeSource(emulator_->url(), "cam1"); }

  /// `sinks` is as in gst-launch, with a sink called "file".
  void save(GstElement* element, const char* sinks) {
    g_autoptr(GError) error = nullptr;
    GstElement* pipeline = gst_parse_launch(
        (std::string("identity name=first sync=false ! ") + sinks).c_str(), &error);
    ASSERT_EQ(error, nullptr) << error->message;
    GstElement* first = gst_bin_get_by_name(GST_BIN(pipeline), "first");
    GstElement* file = gst_bin_get_by_name(GST_BIN(pipeline), "file");
    g_object_set(file, "location", file_.path(), nullptr);
    gst_bin_add(GST_BIN(pipeline), element);
    gst_element_link(element, first);
    EXPECT_EQ(playToEnd(pipeline), "");
    gst_object_unref(first);
    gst_object_unref(file);
    gst_object_unref(pipeline);
    g_autofree gchar* content = nullptr;
    gsize size = 0;
    ASSERT_TRUE(g_file_get_contents(file_.path(), &content, &size, nullptr));
    saved_.assign(content, size);
  }

  GstElement* filesource() const {
    GstElement* file = gst_element_factory_make("filesrc", nullptr);
    g_object_set(file, "location", file_.path(), nullptr);
    return file;
  }

  inline static std::unique_ptr<const EmulatorProcess> emulator_;
  const TempFile file_{""};
  std::string saved_;
};

TEST_P(Saving, ADocumentWithCuesOnlyWhereTheyCanBeFollowed) {
  if (std::string(GetParam().pipeline).find("udpsink") != std::string::npos) {
    GstElementFactory* factory = gst_element_factory_find("udpsink");
    if (factory == nullptr) {
      GTEST_SKIP() << "udpsink is not installed";
    }
    gst_object_unref(factory);
  }
  save(source(), GetParam().pipeline);
  const Document document = readDocument(saved_);
  EXPECT_EQ(document.problem, "");
  EXPECT_EQ(document.cues.empty(), !GetParam().hasCues);
  // The demuxer pulls from a file; the source pushed. Cues do no harm as long as nobody seeks.
  const Played direct = play(source());
  const Played fromFile = play(filesource());
  ASSERT_TRUE(fromFile.eos);
  ASSERT_EQ(fromFile.tracks.size(), direct.tracks.size());
  for (const auto& [name, track] : direct.tracks) {
    const auto& saved = fromFile.tracks.at(name).frames;
    ASSERT_EQ(saved.size(), track.frames.size());
    for (size_t i = 0; i < saved.size(); ++i) {
      EXPECT_EQ(saved[i].ptsNs, track.frames[i].ptsNs);
      EXPECT_EQ(saved[i].sha256, track.frames[i].sha256);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Saving, testing::ValuesIn(kWays),
                         [](const auto& test) { return std::string(test.param.name); });

using SavedFile = Saving;

TEST_F(SavedFile, CanBeSoughtIn) {
  save(source(), "filesink name=file");
  const Played whole = play(filesource());
  const auto& frames = whole.tracks.at("video_0").frames;
  ASSERT_EQ(frames.size(), 120U);
  for (const int64_t ms : {11'000, 3000, 7500, 0, 9900, 200}) {
    SeekPlayer player(filesource());
    ASSERT_TRUE(player.preroll());
    ASSERT_TRUE(player.seek(ms, GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_ACCURATE)) << ms;
    ASSERT_TRUE(player.settle()) << ms;
    const Played played = player.playToEnd();
    ASSERT_FALSE(played.error) << ms;
    const auto& video = played.tracks.at("video_0").frames;
    ASSERT_FALSE(video.empty()) << ms;
    ASSERT_LE(video.size(), frames.size()) << ms;
    const size_t first = frames.size() - video.size();
    EXPECT_LE(frames[first].ptsNs, ms * 1'000'000) << ms;
    EXPECT_EQ(video.front().sha256, frames[first].sha256) << ms;
    EXPECT_EQ(video.back().sha256, frames.back().sha256) << ms;
  }
}

}  // namespace
}  // namespace kvsarchive::test
