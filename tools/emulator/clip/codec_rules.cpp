// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/codec_rules.h"

#include "matroska/ebml_element.h"
#include "media/codec.h"

namespace kvsemulator {
namespace {

constexpr size_t kAvcLengthByte = 4;    // of avcC: its two lowest bits are NAL length size - 1
constexpr size_t kHevcLengthByte = 21;  // the same of hvcC

}  // namespace

bool isClipVideo(const Track& track) {
  const Codec codec = codecOf(track);
  return codec == Codec::kH264 || codec == Codec::kH265;
}

bool isClipAudio(const Track& track) {
  const Codec codec = codecOf(track);
  // Without a format it can't be told which one it is: that is an error of its own.
  return codec == Codec::kAac || codec == Codec::kAlaw || codec == Codec::kMulaw ||
         (isG711(track) && track.codecPrivate.empty());
}

bool isG711(const Track& track) { return track.codecId == "A_MS/ACM"; }

bool isAlaw(const Track& track) { return codecOf(track) == Codec::kAlaw; }

bool isValidFrame(const Track& track, std::string_view frame) {
  if (!isClipVideo(track)) {
    return !frame.empty();
  }
  const size_t lengthSize =
      (track.codecPrivate[codecOf(track) == Codec::kH264 ? kAvcLengthByte : kHevcLengthByte] & 3) +
      1;
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
