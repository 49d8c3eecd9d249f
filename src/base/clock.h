// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>

#include "base/unix_time.h"

namespace kvsarchive {

/// Where time comes from; tests put a clock of their own in its place.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall clock, for signatures and for "now".
  virtual UnixTime now() const = 0;
  /// Clock that never goes back, for time-outs.
  virtual std::chrono::steady_clock::time_point steadyNow() const = 0;
};

/// The machine's clocks. Stateless; one instance serves everybody.
const Clock& systemClock();

}  // namespace kvsarchive
