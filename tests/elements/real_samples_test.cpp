// SPDX-License-Identifier: LGPL-2.1-or-later
// Real output of the service, served chunk by chunk as it was recorded.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "support/emulator_process.h"
#include "support/expectation.h"
#include "support/player.h"

namespace kvsarchive::test {
namespace {

struct Sample {
  const char* name;
  const char* file;
  size_t frames;  ///< in its complete chunks
};

class RealSamples : public testing::TestWithParam<Sample> {};

TEST_P(RealSamples, PlayFrameByFrame) {
  const std::string path =
      std::string(std::getenv("KVSARCHIVE_SHARED_DATA")) + "/getmedia/" + GetParam().file;
  if (g_file_test(path.c_str(), G_FILE_TEST_EXISTS) == FALSE) {
    GTEST_SKIP() << path << " is not there";
  }
  const EmulatorProcess emulator(R"({"streams": [{"name": "cam1", "recordings": [
      {"type": "raw", "path": ")" +
                                 path + R"("}]}]})");
  const Played played = play(makeSource(emulator.url(), "cam1"));
  expectPlayed(emulator.manifest("cam1"), played);
  EXPECT_EQ(played.frames(), GetParam().frames);
}

INSTANTIATE_TEST_SUITE_P(
    All, RealSamples,
    testing::Values(Sample{"Plain", "output_get_media.mkv", 300},
                    Sample{"FallingTimecodes", "output-get-media-non-increasing-timecode.mkv", 330},
                    Sample{"ProducerTags", "test_mixed_tags.mkv", 100}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace kvsarchive::test
