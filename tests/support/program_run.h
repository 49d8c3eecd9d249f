// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace kvsarchive::test {

/// What became of another program.
struct ProgramRun {
  int status = -1;     ///< exit status; -1 = it did not start, or did not exit by itself
  std::string output;  ///< of both kinds
};

/// Runs it to its end, for a minute at most, with the environment of the test. `terminal`: what it
/// reads keys from, if it does; taken over.
ProgramRun runProgram(const std::vector<std::string>& arguments, int terminal = -1);

}  // namespace kvsarchive::test
