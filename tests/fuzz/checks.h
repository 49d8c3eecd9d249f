// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/error.h"

namespace kvsarchive::fuzz {

/// Remembers the first thing that is not as it must be.
class Checks {
 public:
  void require(bool holds, const char* what) {
    if (!holds && problem_.empty()) {
      problem_ = what;
    }
  }
  /// The message of an error is one line of bounded length that GStreamer can show.
  void requireClear(const Error& error);

  const std::string& problem() const { return problem_; }

 private:
  std::string problem_;
};

bool isUtf8(const std::string& text);

}  // namespace kvsarchive::fuzz
