// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/signing_clock.h"

namespace kvsarchive::aws {

UnixTime SigningClock::now() {
  auto server = server_.lock();
  if (!*server) {
    return clock_.now();
  }
  return (*server)->time +
         std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steadyNow() - (*server)->at);
}

bool SigningClock::correct(UnixTime server, UnixTime signedAt) {
  const auto skew = server - signedAt;
  if (skew < kMinSkew && skew > -kMinSkew) {
    return false;
  }
  *server_.lock() = ServerTime{server, clock_.steadyNow()};
  return true;
}

}  // namespace kvsarchive::aws
