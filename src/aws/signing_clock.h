// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"
#include "base/guarded.h"

namespace kvsarchive::aws {

/// The time that requests are signed with: the machine's, until the service shows that it is wrong.
/// Services refuse signatures that are more than 5 minutes off. Any thread.
class SigningClock {
 public:
  /// Smaller differences are not why a signature was refused.
  static constexpr std::chrono::minutes kMinSkew{4};

  explicit SigningClock(const Clock& clock) : clock_(clock) {}

  UnixTime now();

  /// A request signed with the time `signedAt` was refused by a service whose clock says `server`.
  /// If these are kMinSkew or more apart, the service's time counts from now on, carried forward by
  /// the clock that never goes back, so that setting the machine's clock right does no harm.
  /// Returns whether they are.
  bool correct(UnixTime server, UnixTime signedAt);

 private:
  struct ServerTime {
    UnixTime time;
    std::chrono::steady_clock::time_point at;
  };

  const Clock& clock_;
  Guarded<std::optional<ServerTime>> server_;
};

}  // namespace kvsarchive::aws
