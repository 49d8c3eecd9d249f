// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/clock.h"

namespace kvsarchive {
namespace {

class SystemClock : public Clock {
 public:
  UnixTime now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now());
  }
  std::chrono::steady_clock::time_point steadyNow() const override {
    return std::chrono::steady_clock::now();
  }
};

}  // namespace

const Clock& systemClock() {
  static const SystemClock clock;
  return clock;
}

}  // namespace kvsarchive
