// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>

#include "base/clock.h"
#include "base/unix_time.h"

namespace kvsarchive::session {

/// How long a session lasts. It goes by the wall clock, which also counts while the machine sleeps,
/// and by the monotonic one, which nobody sets: whichever is ahead. One thread.
class SessionLife {
 public:
  /// It was asked for now, for so long.
  SessionLife(const Clock& clock, std::chrono::seconds life);

  /// When it is over, by the wall clock that it began with.
  UnixTime end() const { return begin_ + life_; }
  /// Until it is over; never less than 0.
  std::chrono::milliseconds remaining() const;
  /// Whether it is time to tell that it will be over: a minute before.
  bool isExpiring() const { return remaining() <= kWarning; }

 private:
  static constexpr std::chrono::seconds kWarning{60};

  const Clock& clock_;
  const std::chrono::milliseconds life_;
  const UnixTime begin_;
  const std::chrono::steady_clock::time_point steadyBegin_;
};

}  // namespace kvsarchive::session
