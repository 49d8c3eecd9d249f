// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

namespace kvsemulator {

enum class TrackType { kVideo = 1, kAudio = 2, kOther = 3 };  ///< video, audio: values of TrackType

/// One TrackEntry. Its number is its place in the chunk's list of tracks,
/// from 1.
struct Track {
  TrackType type = TrackType::kVideo;
  std::string codecId;       ///< e.g. "V_MPEG4/ISO/AVC"
  std::string name;          ///< may be empty
  std::string codecPrivate;  ///< raw bytes, may be empty
  int width = 0;
  int height = 0;
  int sampleRate = 0;
  int channels = 0;
  int bitDepth = 0;
  int64_t defaultDurationNs = 0;  ///< 0 = not written
};

}  // namespace kvsemulator
