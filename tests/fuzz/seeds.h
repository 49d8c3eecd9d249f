// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace kvsarchive::fuzz {

/// Names and bytes of good inputs, from which the fuzzer makes worse ones.
using Seeds = std::vector<std::pair<std::string, std::string>>;

Seeds chunkSeeds();
Seeds ebmlSeeds();
Seeds jsonSeeds();
Seeds xmlSeeds();
Seeds dateSeeds();
Seeds urlSeeds();
Seeds iniSeeds();
Seeds stsSeeds();
Seeds manifestSeeds();
Seeds mp4Seeds();

}  // namespace kvsarchive::fuzz
