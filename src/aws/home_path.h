// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace kvsarchive::aws {

/// The path with HOME, or else the home folder of the user, in place of a "~" before its first '/'.
std::string expandHome(const std::string& path);

}  // namespace kvsarchive::aws
