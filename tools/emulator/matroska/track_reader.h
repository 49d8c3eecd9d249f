// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>
#include <utility>

#include "media/track.h"

namespace kvsemulator {

/// Reads the content of a TrackEntry: its TrackNumber and what it says. What is
/// damaged is left at its default.
std::pair<int, Track> readTrackEntry(std::string_view content);

}  // namespace kvsemulator
