// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mp4/media_segment.h"

#include <algorithm>

#include "mp4/box_writer.h"
#include "mp4/init_segment.h"

namespace kvsemulator {
namespace {

constexpr uint32_t kDefaultBaseIsMoof = 0x020000;
/// Data offset, then per sample duration, size, flags, composition offset.
constexpr uint32_t kRunFields = 0x000001 | 0x000100 | 0x000200 | 0x000400 | 0x000800;
constexpr uint64_t kKeySample = 0x02000000;
constexpr uint64_t kOtherSample = 0x01010000;

/// Rounded once from the absolute time, so that nothing adds up.
int64_t toUnits(int64_t ns) {
  const int64_t scaled = ns / 1'000'000'000 * kMp4Timescale;
  const int64_t rest = ns % 1'000'000'000 * kMp4Timescale;
  return scaled + (rest >= 0 ? rest + 500'000'000 : rest - 500'000'000) / 1'000'000'000;
}

void writeRun(BoxWriter& out, int64_t startNs, const std::vector<MediaSample>& samples,
              size_t& dataOffset) {
  // Version 1: a frame may be shown before the time it stands at.
  out.fullBox("trun", 1, kRunFields, [&] {
    out.number(samples.size(), 4);
    dataOffset = out.position();
    out.zeros(4);
    for (const MediaSample& sample : samples) {
      const int64_t decode = toUnits(startNs + sample.decodeNs);
      const int64_t end = toUnits(startNs + sample.decodeNs + sample.durationNs);
      out.number(static_cast<uint64_t>(end - decode), 4);
      out.number(sample.data.size(), 4);
      out.number(sample.key ? kKeySample : kOtherSample, 4);
      out.number(static_cast<uint64_t>(toUnits(startNs + sample.timeNs) - decode), 4);
    }
  });
}

}  // namespace

std::string writeMediaSegment(int trackId, int64_t sequence, int64_t startNs,
                              const std::vector<MediaSample>& samples) {
  std::string text;
  BoxWriter out(text);
  out.box("styp", [&] {
    out.bytes("msdh");
    out.number(0, 4);
    out.bytes("msdhmsix");
  });
  const size_t moof = out.position();
  const int64_t firstNs = startNs + (samples.empty() ? 0 : samples.front().decodeNs);
  size_t dataOffset = 0;
  out.box("moof", [&] {
    out.fullBox("mfhd", 0, 0, [&] { out.number(static_cast<uint64_t>(sequence), 4); });
    out.box("traf", [&] {
      out.fullBox("tfhd", 0, kDefaultBaseIsMoof,
                  [&] { out.number(static_cast<uint64_t>(trackId), 4); });
      out.fullBox("tfdt", 1, 0, [&] {
        out.number(static_cast<uint64_t>(std::max<int64_t>(0, toUnits(firstNs))), 8);
      });
      writeRun(out, startNs, samples, dataOffset);
    });
  });
  out.setNumber(dataOffset, out.position() + 8 - moof);
  out.box("mdat", [&] {
    for (const MediaSample& sample : samples) {
      out.bytes(sample.data);
    }
  });
  return text;
}

}  // namespace kvsemulator
