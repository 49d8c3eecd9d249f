// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace kvsarchive::matroska {

enum class TrackType : uint8_t {
  kVideo = 1,
  kAudio = 2
};  // other values occur: subtitles, metadata

/// One TrackEntry.
struct Track {
  uint64_t number = 0;
  uint64_t uid = 0;
  TrackType type{};
  std::string codecId;  ///< e.g. "V_MPEG4/ISO/AVC", padding cut off, valid UTF-8
  std::string name;     ///< valid UTF-8
  /// All other children as they stand in the chunk (codec private data, video, audio ...) but for
  /// Void, CRC-32 and TrackTimecodeScale, which would break the times of the joined document.
  std::string parameters;

  bool sameFormat(const Track& other) const {
    return type == other.type && codecId == other.codecId;
  }
};

/// "video track 1 (V_MPEG4/ISO/AVC)", for messages.
std::string describe(const Track& track);

/// The tracks of one Tracks element. Errors: kDecode, also for none, more than 64, numbers that are
/// missing, too large for a block, or used twice, and what checkWritable() refuses.
Result<std::vector<Track>> parseTracks(std::string_view tracksPayload);

/// Errors: kDecode for tracks whose element would be larger than matroskademux takes.
Status checkWritable(const std::vector<Track>& tracks);

/// A whole Tracks element.
std::string writeTracks(const std::vector<Track>& tracks);

}  // namespace kvsarchive::matroska
