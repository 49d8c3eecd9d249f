// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mp4/sample_entry.h"

#include "media/codec.h"

namespace kvsemulator {
namespace {

constexpr uint64_t k72Dpi = 0x00480000;

void writeVideoEntry(BoxWriter& out, const char* type, const char* configType, const Track& track) {
  out.box(type, [&] {
    out.zeros(6);
    out.number(1, 2);  // data reference
    out.zeros(16);
    out.number(static_cast<uint64_t>(track.width), 2);
    out.number(static_cast<uint64_t>(track.height), 2);
    out.number(k72Dpi, 4);
    out.number(k72Dpi, 4);
    out.zeros(4);
    out.number(1, 2);  // frames per sample
    out.zeros(32);     // name of the compressor
    out.number(24, 2);
    out.number(0xFFFF, 2);
    out.box(configType, [&] { out.bytes(track.codecPrivate); });
  });
}

/// A descriptor of ISO/IEC 14496-1 with a size of one byte.
std::string descriptor(int tag, const std::string& content) {
  return std::string(1, static_cast<char>(tag)) + static_cast<char>(content.size()) + content;
}

void writeEsds(BoxWriter& out, const Track& track) {
  constexpr char kConfig[] = "\x40\x15\0\0\0\0\0\0\0\0\0\0\0";  // AAC, audio stream, no rates
  const std::string config =
      std::string(kConfig, sizeof kConfig - 1) + descriptor(5, track.codecPrivate);
  const std::string stream =
      std::string(3, '\0') + descriptor(4, config) + descriptor(6, std::string(1, '\2'));
  out.fullBox("esds", 0, 0, [&] { out.bytes(descriptor(3, stream)); });
}

void writeAudioEntry(BoxWriter& out, const char* type, const Track& track) {
  out.box(type, [&] {
    out.zeros(6);
    out.number(1, 2);  // data reference
    out.zeros(8);
    out.number(static_cast<uint64_t>(track.channels), 2);
    out.number(16, 2);  // bits of a sample that has been decoded
    out.zeros(4);
    out.number(static_cast<uint64_t>(track.sampleRate), 2);
    out.zeros(2);
    if (codecOf(track) == Codec::kAac) {
      writeEsds(out, track);
    }
  });
}

}  // namespace

void writeSampleEntry(BoxWriter& out, const Track& track) {
  switch (codecOf(track)) {
    case Codec::kH264:
      writeVideoEntry(out, "avc1", "avcC", track);
      break;
    case Codec::kH265:
      writeVideoEntry(out, "hvc1", "hvcC", track);
      break;
    case Codec::kAac:
      writeAudioEntry(out, "mp4a", track);
      break;
    case Codec::kAlaw:
      writeAudioEntry(out, "alaw", track);
      break;
    case Codec::kMulaw:
      writeAudioEntry(out, "ulaw", track);
      break;
    case Codec::kOther:
      break;
  }
}

}  // namespace kvsemulator
