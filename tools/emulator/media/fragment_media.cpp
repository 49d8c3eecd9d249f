// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/fragment_media.h"

#include <algorithm>

namespace kvsemulator {
namespace {

constexpr int64_t kUnknownDurationNs = 40'000'000;

/// How long the last frame lasts: video up to the fragment's end, audio as long
/// as the frame before.
int64_t lastDuration(const std::vector<MediaSample>& samples, TrackType type, int64_t lengthNs) {
  const int64_t rest = lengthNs - samples.back().decodeNs;
  if (rest > 0 && (type == TrackType::kVideo || samples.size() == 1)) {
    return rest;
  }
  return samples.size() > 1 ? samples[samples.size() - 2].durationNs : kUnknownDurationNs;
}

}  // namespace

std::optional<FragmentMedia> FragmentMedia::read(const Stream::Entry& entry) {
  FragmentMedia media;
  for (const Bytes& piece : entry.recording->chunk(entry.index)) {
    media.chunk_ += piece.view();
  }
  auto parsed = readChunk(media.chunk_, false);
  if (!parsed) {
    return std::nullopt;
  }
  media.parsed_ = std::move(*parsed);
  media.lengthNs_ = entry.info().lengthMs * 1'000'000;
  return media;
}

std::vector<MediaSample> FragmentMedia::samples(int track) const {
  std::vector<MediaSample> samples;
  std::vector<int64_t> times;
  for (size_t i = 0; i < parsed_.frames.size(); ++i) {
    const FrameInfo& frame = parsed_.frames[i];
    if (frame.track == track) {
      MediaSample sample;
      sample.timeNs = frame.offsetNs;
      sample.key = frame.key;
      sample.data = parsed_.payloads[i];
      samples.push_back(sample);
      times.push_back(frame.offsetNs);
    }
  }
  if (samples.empty()) {
    return samples;
  }
  std::sort(times.begin(), times.end());
  for (size_t i = 0; i < samples.size(); ++i) {
    samples[i].decodeNs = times[i];
    samples[i].durationNs = i + 1 < times.size() ? times[i + 1] - times[i] : 0;
  }
  const auto found = parsed_.tracks.find(track);
  const TrackType type = found == parsed_.tracks.end() ? TrackType::kOther : found->second.type;
  samples.back().durationNs = lastDuration(samples, type, lengthNs_);
  return samples;
}

}  // namespace kvsemulator
