// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>

#include "base/clock.h"

namespace kvsarchive::test {

/// A clock that a test moves. Any thread.
class FakeClock : public Clock {
 public:
  explicit FakeClock(UnixTime start) : start_(start) {}

  UnixTime now() const override { return start_ + std::chrono::milliseconds(elapsed_); }
  std::chrono::steady_clock::time_point steadyNow() const override {
    return std::chrono::steady_clock::time_point(std::chrono::milliseconds(elapsed_));
  }
  void advance(std::chrono::milliseconds duration) { elapsed_ += duration.count(); }

 private:
  const UnixTime start_;
  std::atomic<int64_t> elapsed_{0};
};

}  // namespace kvsarchive::test
