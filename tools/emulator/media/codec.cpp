// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/codec.h"

#include <cstdio>

namespace kvsemulator {
namespace {

constexpr size_t kMinAvcc = 7;
constexpr size_t kMinHvcc = 23;
constexpr size_t kMinWaveFormat = 16;
constexpr int kAlawTag = 6;
constexpr int kMulawTag = 7;

unsigned byteOf(const Track& track, size_t index) {
  return static_cast<unsigned char>(track.codecPrivate[index]);
}

std::string avcName(const Track& track) {
  char name[16];
  std::snprintf(name, sizeof name, "avc1.%02X%02X%02X", byteOf(track, 1), byteOf(track, 2),
                byteOf(track, 3));
  return name;
}

/// ISO/IEC 14496-15, annex E.
std::string hevcName(const Track& track) {
  const unsigned space = byteOf(track, 1) >> 6;
  uint32_t flags = 0;  // in reverse order of bits
  for (unsigned i = 0; i < 32; ++i) {
    flags |= ((byteOf(track, 2 + i / 8) >> (7 - i % 8)) & 1) << i;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%u.%X.%c%u", byteOf(track, 1) & 0x1F, flags,
                (byteOf(track, 1) & 0x20) != 0 ? 'H' : 'L', byteOf(track, 12));
  std::string name = "hvc1.";
  if (space > 0) {
    name += static_cast<char>('A' + space - 1);
  }
  name += text;
  size_t end = 12;
  while (end > 6 && byteOf(track, end - 1) == 0) {
    --end;
  }
  for (size_t i = 6; i < end; ++i) {
    std::snprintf(text, sizeof text, ".%X", byteOf(track, i));
    name += text;
  }
  return name;
}

unsigned aacObjectType(const Track& track) {
  const unsigned type = byteOf(track, 0) >> 3;
  return type == 31 ? 32 + ((byteOf(track, 0) & 7) << 3) + (byteOf(track, 1) >> 5) : type;
}

int waveTag(const Track& track) {
  return track.codecPrivate.size() < 2 ? 0
                                       : static_cast<int>(byteOf(track, 0) | byteOf(track, 1) << 8);
}

}  // namespace

Codec codecOf(const Track& track) {
  const std::string& id = track.codecId;
  if (id == "V_MPEG4/ISO/AVC" || id == "V_MPEG/ISO/AVC") {
    return Codec::kH264;
  }
  if (id == "V_MPEGH/ISO/HEVC" || id == "V_MPEG/ISO/HEVC") {
    return Codec::kH265;
  }
  if (id.rfind("A_AAC", 0) == 0) {
    return Codec::kAac;
  }
  if (id == "A_MS/ACM" && waveTag(track) == kAlawTag) {
    return Codec::kAlaw;
  }
  return id == "A_MS/ACM" && waveTag(track) == kMulawTag ? Codec::kMulaw : Codec::kOther;
}

bool hasValidPrivate(const Track& track) {
  const size_t size = track.codecPrivate.size();
  switch (codecOf(track)) {
    case Codec::kH264:
      return size >= kMinAvcc && byteOf(track, 0) == 1;
    case Codec::kH265:
      return size >= kMinHvcc && byteOf(track, 0) <= 1;  // drafts had version 0
    case Codec::kAac:
      return size >= 2 && aacObjectType(track) != 0;
    case Codec::kAlaw:
    case Codec::kMulaw:
      return size >= kMinWaveFormat;
    case Codec::kOther:
      break;
  }
  return false;
}

std::string codecName(const Track& track) {
  switch (codecOf(track)) {
    case Codec::kH264:
      return avcName(track);
    case Codec::kH265:
      return hevcName(track);
    case Codec::kAac:
      return "mp4a.40." + std::to_string(aacObjectType(track));
    case Codec::kAlaw:
      return "alaw";
    case Codec::kMulaw:
      return "ulaw";
    case Codec::kOther:
      break;
  }
  return "";
}

}  // namespace kvsemulator
