// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/json_reader.h"

namespace kvsemulator {

/// Reads `max-session-seconds`, 0 = no limit: so tests see tokens expire which
/// would live five minutes at least.
double readMaxSessionSeconds(JsonReader& json);

}  // namespace kvsemulator
