// SPDX-License-Identifier: LGPL-2.1-or-later
// Every kind of recording, from the producer's frames to the demuxer's pads.
#include "support/recordings.h"

#include <gtest/gtest.h>

#include <string>

#include "support/emulator_process.h"
#include "support/expectation.h"
#include "support/player.h"

namespace kvsarchive::test {
namespace {

class Recordings : public testing::TestWithParam<Recording> {};

TEST_P(Recordings, PlayFrameByFrame) {
  const EmulatorProcess emulator(configOf(GetParam()));
  const Played played = play(makeSource(emulator.url(), "cam1"));
  expectPlayed(emulator.manifest("cam1"), played);
  EXPECT_TRUE(played.warnings.empty()) << played.warnings.front();
}

INSTANTIATE_TEST_SUITE_P(All, Recordings, testing::ValuesIn(kRecordings),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(DemoRecording, PlaysFrameByFrame) {
  const EmulatorProcess emulator("{}", {"--demo", "cam1"});
  const Played played = play(makeSource(emulator.url(), "cam1"));
  expectPlayed(emulator.manifest("cam1"), played);
  EXPECT_GE(played.stats.at("fragments-delivered"), 60U);
}

}  // namespace
}  // namespace kvsarchive::test
