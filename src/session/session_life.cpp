// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session_life.h"

#include <algorithm>

namespace kvsarchive::session {

using std::chrono::milliseconds;

SessionLife::SessionLife(const Clock& clock, std::chrono::seconds life)
    : clock_(clock), life_(life), begin_(clock.now()), steadyBegin_(clock.steadyNow()) {}

milliseconds SessionLife::remaining() const {
  const auto steady = std::chrono::duration_cast<milliseconds>(clock_.steadyNow() - steadyBegin_);
  const milliseconds gone = std::max(clock_.now() - begin_, steady);
  return std::max(life_ - gone, milliseconds(0));
}

}  // namespace kvsarchive::session
