// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/track_maker.h"

namespace kvsemulator {
namespace {

constexpr int kAlawTag = 6;
constexpr int kMulawTag = 7;

std::string littleEndian(int value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) {
    text += static_cast<char>(value >> (8 * i));
  }
  return text;
}

/// WAVEFORMATEX of 8-bit samples, the CodecPrivate of A_MS/ACM.
std::string waveFormat(int tag, int rate, int channels) {
  return littleEndian(tag, 2) + littleEndian(channels, 2) + littleEndian(rate, 4) +
         littleEndian(rate * channels, 4) + littleEndian(channels, 2) + littleEndian(8, 2) +
         littleEndian(0, 2);
}

}  // namespace

Track makeTrack(const EncodedTrack& encoded, const std::string& name) {
  Track track;
  track.name = name;
  track.codecPrivate = encoded.codecPrivate;
  if (encoded.mediaType == "video/x-h264" || encoded.mediaType == "video/x-h265") {
    track.codecId = encoded.mediaType == "video/x-h265" ? "V_MPEGH/ISO/HEVC" : "V_MPEG4/ISO/AVC";
    track.width = encoded.width;
    track.height = encoded.height;
    track.defaultDurationNs = encoded.frameDurationNs;
    return track;
  }
  track.type = TrackType::kAudio;
  track.sampleRate = encoded.rate;
  track.channels = encoded.channels;
  track.codecId = "A_AAC";
  if (encoded.mediaType == "audio/x-alaw" || encoded.mediaType == "audio/x-mulaw") {
    const int tag = encoded.mediaType == "audio/x-alaw" ? kAlawTag : kMulawTag;
    track.codecId = "A_MS/ACM";
    track.codecPrivate = waveFormat(tag, encoded.rate, encoded.channels);
    track.bitDepth = 8;
  }
  return track;
}

}  // namespace kvsemulator
