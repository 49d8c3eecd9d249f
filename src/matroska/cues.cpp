// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/cues.h"

#include <algorithm>

#include "matroska/ebml_ids.h"
#include "matroska/ebml_writer.h"

namespace kvsarchive::matroska {

uint64_t unusedTrackNumber(const std::vector<Track>& tracks) {
  constexpr uint64_t kLargestOfOneByte = 127;
  uint64_t number = kLargestOfOneByte;
  const auto isTaken = [&](const Track& track) { return track.number == number; };
  while (std::any_of(tracks.begin(), tracks.end(), isTaken)) {
    --number;  // there are fewer tracks than that
  }
  return number;
}

std::string writeCues(const std::vector<CuePoint>& points, uint64_t track, uint64_t segmentStart) {
  EbmlWriter cues;
  for (const CuePoint& point : points) {
    EbmlWriter positions;
    positions.writeUnsigned(ids::kCueTrack, track);
    positions.writeUnsigned(ids::kCueClusterPosition, point.offset - segmentStart);
    EbmlWriter cue;
    cue.writeUnsigned(ids::kCueTime, static_cast<uint64_t>(point.time.count()));
    cue.writeBinary(ids::kCueTrackPositions, positions.bytes());
    cues.writeBinary(ids::kCuePoint, cue.bytes());
  }
  EbmlWriter out;
  out.writeBinary(ids::kCues, cues.bytes());
  return out.take();
}

}  // namespace kvsarchive::matroska
