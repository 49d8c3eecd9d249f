// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace kvsarchive::aws {

/// Value of an environment variable; empty = not set, as everywhere in AWS's tools.
std::string environmentVariable(const char* name);

}  // namespace kvsarchive::aws
