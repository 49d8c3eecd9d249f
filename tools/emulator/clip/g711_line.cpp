// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/g711_line.h"

#include <algorithm>

#include "clip/codec_rules.h"

namespace kvsemulator {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;
constexpr int64_t kToleranceNs = 5'000'000;  // times are rounded to milliseconds
constexpr size_t kChannelsAt = 2;            // in WAVEFORMATEX
constexpr size_t kRateAt = 4;
constexpr char kSilentAlaw = '\xD5';
constexpr char kSilentMulaw = '\xFF';

int littleEndian(const std::string& text, size_t offset, int bytes) {
  int value = 0;
  for (int i = 0; i < bytes; ++i) {
    value |= static_cast<uint8_t>(text[offset + static_cast<size_t>(i)]) << (8 * i);
  }
  return value;
}

}  // namespace

int g711Rate(const Track& track) {
  return std::max(1, littleEndian(track.codecPrivate, kRateAt, 4));
}

int g711Channels(const Track& track) {
  return std::max(1, littleEndian(track.codecPrivate, kChannelsAt, 2));
}

std::vector<Frame> fillWithSilence(const Track& track, std::vector<Frame> frames) {
  const int64_t rate = g711Rate(track);
  const auto channels = static_cast<size_t>(g711Channels(track));
  const char silence = isAlaw(track) ? kSilentAlaw : kSilentMulaw;
  const int64_t startNs = frames.front().timeNs;
  int64_t samples = 0;
  const auto now = [&] { return startNs + samples * kNsPerSecond / rate; };
  std::vector<Frame> line;
  line.reserve(frames.size());
  for (Frame& frame : frames) {
    if (frame.timeNs - now() > kToleranceNs) {
      const int64_t missing = (frame.timeNs - now()) * rate / kNsPerSecond;
      Frame gap = frame;
      gap.timeNs = now();
      gap.data = Bytes::take(std::string(static_cast<size_t>(missing) * channels, silence));
      line.push_back(std::move(gap));
      samples += missing;
    }
    frame.timeNs = now();
    samples += static_cast<int64_t>(frame.data.size() / channels);
    line.push_back(std::move(frame));
  }
  return line;
}

}  // namespace kvsemulator
