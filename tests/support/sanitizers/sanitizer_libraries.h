// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace kvsarchive::test {

/// What LD_PRELOAD must be for a program without sanitizers, so that it can load a plugin with this
/// program's: the libraries of theirs that are loaded here. Empty without sanitizers.
std::string sanitizerLibraries();

}  // namespace kvsarchive::test
