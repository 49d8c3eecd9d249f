// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs all targets over their seeds and over what the fuzzer once found, without a fuzzer.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "seeds.h"
#include "targets.h"

namespace kvsarchive::fuzz {
namespace {

struct Target {
  const char* name;
  std::string (*run)(std::string_view input);
  Seeds (*seeds)();
};

class Replay : public testing::TestWithParam<Target> {};

TEST_P(Replay, Seeds) {
  const Seeds seeds = GetParam().seeds();
  ASSERT_FALSE(seeds.empty());
  for (const auto& [name, bytes] : seeds) {
    EXPECT_EQ(GetParam().run(bytes), "") << name;
  }
}

TEST_P(Replay, CutSeeds) {
  for (const auto& [name, bytes] : GetParam().seeds()) {
    for (size_t length = 0; length < bytes.size(); ++length) {
      ASSERT_EQ(GetParam().run(std::string_view(bytes).substr(0, length)), "")
          << name << " cut at " << length;
    }
  }
}

TEST_P(Replay, Regressions) {
  size_t inputs = 0;
  const auto folder = std::filesystem::path(FUZZ_REGRESSIONS_DIR) / GetParam().name;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(file.path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    ASSERT_TRUE(in.good()) << file.path();
    EXPECT_EQ(GetParam().run(bytes.str()), "") << file.path();
    ++inputs;
  }
  EXPECT_GT(inputs, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Fuzz, Replay,
    testing::Values(Target{"chunk", chunk, chunkSeeds}, Target{"ebml", ebml, ebmlSeeds},
                    Target{"json", json, jsonSeeds}, Target{"xml", xml, xmlSeeds},
                    Target{"date", date, dateSeeds}, Target{"url", url, urlSeeds},
                    Target{"ini", ini, iniSeeds}, Target{"sts", sts, stsSeeds},
                    Target{"manifest", manifest, manifestSeeds}, Target{"mp4", mp4, mp4Seeds}),
    [](const auto& target) { return std::string(target.param.name); });

}  // namespace
}  // namespace kvsarchive::fuzz
