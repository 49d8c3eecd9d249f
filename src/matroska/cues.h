// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "matroska/tracks.h"

namespace kvsarchive::matroska {

/// Where a player that wants a time has to go on reading.
struct CuePoint {
  std::chrono::milliseconds time{0};
  uint64_t offset = 0;  ///< in the document, behind the beginning of the Segment's content
};

/// A track number that the document does not have, for cues of no track: matroskademux would take
/// cues of a video track for its key frames and, when the sink is late, go on with a frame there
/// that can't be decoded. 127 unless there is such a track.
uint64_t unusedTrackNumber(const std::vector<Track>& tracks);

/// A Cues element. `segmentStart`: offset of the Segment's content in the document.
std::string writeCues(const std::vector<CuePoint>& points, uint64_t track, uint64_t segmentStart);

}  // namespace kvsarchive::matroska
