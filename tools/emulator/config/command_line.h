// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/result.h"
#include "config/config.h"

namespace kvsemulator {

/// Reads the command line and the configuration file that it names; the command
/// line wins. Exits for --help and --version. Errors: what is wrong, for the
/// user.
Result<Config> readCommandLine(int argc, char** argv);

}  // namespace kvsemulator
