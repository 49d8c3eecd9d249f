// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/codec_rules.h"

#include "matroska/ebml_element.h"

namespace kvsemulator {
namespace {

constexpr size_t kAvcLengthByte = 4;    // of avcC: its two lowest bits are NAL length size - 1
constexpr size_t kHevcLengthByte = 21;  // the same of hvcC
constexpr size_t kMinAvcC = 7;
constexpr size_t kMinHvcC = 23;
constexpr size_t kMinAudioConfig = 2;
constexpr size_t kMinWaveFormat = 16;
constexpr int kAlawTag = 6;
constexpr int kMulawTag = 7;

bool isAvc(const Track& track) { return track.codecId == "V_MPEG4/ISO/AVC"; }

int waveTag(const Track& track) {
  const std::string& format = track.codecPrivate;
  return format.size() < 2 ? 0
                           : static_cast<uint8_t>(format[0]) | static_cast<uint8_t>(format[1]) << 8;
}

}  // namespace

bool isClipVideo(const Track& track) { return isAvc(track) || track.codecId == "V_MPEGH/ISO/HEVC"; }

bool isClipAudio(const Track& track) {
  const int tag = waveTag(track);
  return track.codecId == "A_AAC" ||
         (isG711(track) && (track.codecPrivate.empty() || tag == kAlawTag || tag == kMulawTag));
}

bool isG711(const Track& track) { return track.codecId == "A_MS/ACM"; }

bool isAlaw(const Track& track) { return isG711(track) && waveTag(track) == kAlawTag; }

bool isValidCodecPrivate(const Track& track) {
  const std::string& data = track.codecPrivate;
  if (isG711(track)) {
    const int tag = waveTag(track);
    return data.size() >= kMinWaveFormat && (tag == kAlawTag || tag == kMulawTag);
  }
  if (!isClipVideo(track)) {
    return data.size() >= kMinAudioConfig;
  }
  return data.size() >= (isAvc(track) ? kMinAvcC : kMinHvcC) && data[0] == 1;
}

bool isValidFrame(const Track& track, std::string_view frame) {
  if (!isClipVideo(track)) {
    return !frame.empty();
  }
  const size_t lengthSize =
      (track.codecPrivate[isAvc(track) ? kAvcLengthByte : kHevcLengthByte] & 3) + 1;
  size_t offset = 0;
  while (offset + lengthSize <= frame.size()) {
    const uint64_t nal = readNumber(frame.substr(offset, lengthSize));
    offset += lengthSize;
    if (nal > frame.size() - offset) {
      return false;
    }
    offset += static_cast<size_t>(nal);
  }
  return !frame.empty() && offset == frame.size();
}

}  // namespace kvsemulator
