// SPDX-License-Identifier: LGPL-2.1-or-later
// The programs in docs/examples, run as an application's developer does.
#include <glib.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "support/effort.h"
#include "support/emulator_process.h"
#include "support/player_environment.h"
#include "support/program_run.h"
#include "support/temp_file.h"

namespace kvsarchive::test {
namespace {

class Examples : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const bool isPython = GetParam() == "python";
    if (isPython && kSanitized) {
      GTEST_SKIP() << "python3 and its modules are not built for sanitizers";
    }
    program_ = isPython ? std::vector<std::string>{"/usr/bin/python3",
                                                   std::getenv("KVSARCHIVE_EXAMPLE_PYTHON")}
                        : std::vector<std::string>{std::getenv("KVSARCHIVE_EXAMPLE_C")};
  }

  struct Run {
    int status = -1;
    std::string output;
    std::string errors;
  };

  Run run(const char* stream) {
    return runWith({stream, "2026-03-01T10:00:00Z", "2026-03-01T10:10:00Z"});
  }

  /// `output`: where it goes instead of into the result, for a shell.
  Run runWith(const std::vector<std::string>& words, const std::string& output = "") {
    const PlayerEnvironment environment(emulator_.url());
    const TempFile errors("");
    std::vector<std::string> arguments = {
        "sh", "-c", R"(file=$1; shift; exec "$@" 2>"$file" )" + output, "sh", errors.path()};
    arguments.insert(arguments.end(), program_.begin(), program_.end());
    arguments.insert(arguments.end(), words.begin(), words.end());
    const ProgramRun ran = runProgram(arguments);
    g_autofree gchar* text = nullptr;
    EXPECT_TRUE(g_file_get_contents(errors.path(), &text, nullptr, nullptr));
    return {ran.status, ran.output, text};
  }

  /// Of the lines with two numbers.
  static std::vector<int64_t> wallClocks(const std::string& output) {
    std::vector<int64_t> times;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      int64_t time = 0;
      size_t size = 0;
      if (words >> time >> size && size > 0) {
        times.push_back(time);
      }
    }
    return times;
  }

  /// Every 100 ms from the beginning of the recording on, without those of one second.
  static std::vector<int64_t> expected(int64_t withoutSecond) {
    constexpr int64_t kBegin = 1'772'359'200'000'000'000;
    std::vector<int64_t> times;
    for (int64_t i = 0; i < 60; ++i) {
      if (i / 10 != withoutSecond) {
        times.push_back(kBegin + i * 100'000'000);
      }
    }
    return times;
  }

  EmulatorProcess emulator_{kSixSeconds};
  std::vector<std::string> program_;
};

TEST_P(Examples, TellEveryFrame) {
  const Run ran = run("cam1");
  EXPECT_EQ(ran.status, 0) << ran.errors;
  EXPECT_EQ(ran.errors, "");
  EXPECT_EQ(wallClocks(ran.output), expected(-1)) << ran.output;
}

TEST_P(Examples, TellWhatIsLost) {
  emulator_.setFaults(R"({"faults": [{"kind": "missing", "fragment-position": 3}]})");
  const Run ran = run("cam1");
  EXPECT_EQ(ran.status, 3) << ran.errors;
  EXPECT_EQ(wallClocks(ran.output), expected(2)) << ran.output;
  EXPECT_NE(ran.errors.find("warning: Fragment "), std::string::npos) << ran.errors;
  EXPECT_NE(ran.errors.find("fragments-missing"), std::string::npos) << ran.errors;
}

TEST_P(Examples, TellErrors) {
  const Run ran = run("nosuch");
  EXPECT_EQ(ran.status, 1) << ran.errors;
  EXPECT_EQ(ran.output, "");
  EXPECT_NE(ran.errors.find("error: ResourceNotFoundException"), std::string::npos) << ran.errors;
}

TEST_P(Examples, TellTheirUsage) {
  const Run ran = runWith({"cam1"});
  EXPECT_EQ(ran.status, 2) << ran.errors;
  EXPECT_EQ(ran.output, "");
  EXPECT_EQ(ran.errors, "usage: " + program_.back() + " STREAM START END\n");
}

INSTANTIATE_TEST_SUITE_P(All, Examples, testing::Values("c", "python"),
                         [](const auto& test) { return test.param; });

/// The streaming thread calls it, where Python only prints what goes wrong.
using PythonExample = Examples;

TEST_P(PythonExample, EndsWhereItCanNotWrite) {
  const Run ran = runWith({"cam1", "2026-03-01T10:00:00Z", "2026-03-01T10:10:00Z"}, ">/dev/full");
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.errors, "error: [Errno 28] No space left on device\n");
}

INSTANTIATE_TEST_SUITE_P(All, PythonExample, testing::Values("python"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace kvsarchive::test
