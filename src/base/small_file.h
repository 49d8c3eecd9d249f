// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace kvsarchive {

/// The contents of a file of at most `maxBytes`: settings, keys, tokens. Leaves no copy of them in
/// memory but the one that is returned. Does not wait for a pipe or a terminal.
/// Errors, one sentence each with the path in quotes: kAbsent when there is no such file,
/// or it is in a folder that this user may not enter;
/// kSettings when it can't be read, is a folder or a pipe, or is too big.
Result<std::string> readSmallFile(const std::string& path, size_t maxBytes);

}  // namespace kvsarchive
