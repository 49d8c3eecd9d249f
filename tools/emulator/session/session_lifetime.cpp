// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session_lifetime.h"

namespace kvsemulator {

double readMaxSessionSeconds(JsonReader& json) {
  return json.number("max-session-seconds", 0, 0, 1e9);
}

}  // namespace kvsemulator
