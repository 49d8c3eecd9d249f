// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "session/session.h"

namespace kvsemulator {

/// The MPD (ISO/IEC 23009-1) as of now: one period, one adaptation set per
/// track.
std::string dashManifest(const Session& session, int64_t nowMs);

}  // namespace kvsemulator
