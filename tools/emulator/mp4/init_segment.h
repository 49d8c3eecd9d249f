// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "media/track.h"

namespace kvsemulator {

/// Units a second of all times in the fragmented MP4 of sessions.
constexpr int64_t kMp4Timescale = 90'000;

/// What players need before the media segments of one track: ftyp and moov.
std::string writeInitSegment(int trackId, const Track& track);

}  // namespace kvsemulator
