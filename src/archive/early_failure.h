// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>

#include "base/error.h"

namespace kvsarchive::archive {

/// A failure of what was asked for ahead. It is told when its turn comes, unless it is old by then:
/// all that was fetched before was handed on since, and so it may be over.
struct EarlyFailure {
  Error error;
  std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now();

  bool isOld() const { return std::chrono::steady_clock::now() - at >= std::chrono::seconds(10); }
};

}  // namespace kvsarchive::archive
