// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace kvsarchive::test {

/// Collects all log lines of all levels while it lives; one at a time.
class LogCapture {
 public:
  LogCapture();
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  std::string text() const;
};

}  // namespace kvsarchive::test
