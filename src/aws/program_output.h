// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/cancel_token.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// What a program may use up before it is ended.
struct ProgramLimits {
  size_t bytes = 65536;  ///< on its standard output
  std::chrono::milliseconds time{60'000};
};

/// Runs a program without a shell, in a session of its own and so without a terminal, and returns
/// what it writes to standard output. Standard input is empty, standard error is thrown away. It is
/// looked for in PATH. `words`: the program and its arguments, at least one.
/// Blocks: until the program has ended; whatever it leaves running in the background goes on. On
/// any error all of its process group are killed.
/// Errors: kCancelled; kSettings when it can't be started; kOpenRead when it takes too long;
/// kDecode when it writes too much; kNotAuthorized when it fails. None has any of its words or of
/// its output.
Result<std::string> programOutput(const std::vector<std::string>& words,
                                  const ProgramLimits& limits, const CancelToken& cancel);

}  // namespace kvsarchive::aws
