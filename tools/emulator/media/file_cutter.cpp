// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/file_cutter.h"

#include <algorithm>

#include "media/file_demuxer.h"
#include "media/timeline.h"
#include "media/track_maker.h"

namespace kvsemulator {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;
constexpr int64_t kMaxLeadNs = 30'000'000'000;  // a block's offset has 16 bits

int64_t roundToMs(int64_t ns) { return (ns + kNsPerMs / 2) / kNsPerMs; }

class Cutter {
 public:
  Cutter(const FileOptions& options, const Layout& layout, std::vector<EncodedTrack> tracks)
      : options_(options), layout_(layout), tracks_(std::move(tracks)) {}

  std::vector<MediaFragment> run() {
    findStarts();
    if (starts_.empty()) {
      return {};
    }
    fragments_.resize(starts_.size());
    for (size_t i = 0; i < tracks_.size(); ++i) {
      distribute(i);
    }
    for (size_t i = 0; i < fragments_.size(); ++i) {
      finish(i);
    }
    return std::move(fragments_);
  }

 private:
  /// Times at which fragments begin, and the earliest time of all.
  void findStarts() {
    const auto lengthNs = static_cast<int64_t>(options_.fragmentSeconds * 1e9);
    for (const Frame& frame : tracks_.front().frames) {
      if (frame.key && (starts_.empty() || frame.timeNs - starts_.back() >= lengthNs)) {
        starts_.push_back(frame.timeNs);
      }
    }
    if (starts_.empty()) {
      return;
    }
    originNs_ = starts_.front();
    for (const EncodedTrack& track : tracks_) {
      for (const Frame& frame : track.frames) {
        if (frame.timeNs >= starts_.front() - kMaxLeadNs) {
          originNs_ = std::min(originNs_, frame.timeNs);
        }
      }
    }
  }

  void distribute(size_t trackIndex) {
    size_t fragment = 0;
    bool begun = trackIndex != 0;  // the first track begins with its first key frame
    for (Frame& frame : tracks_[trackIndex].frames) {
      begun = begun || frame.key;
      if (!begun || frame.timeNs < starts_.front() - kMaxLeadNs) {
        continue;
      }
      const bool mayBegin = trackIndex != 0 || frame.key;
      while (mayBegin && fragment + 1 < starts_.size() && frame.timeNs >= starts_[fragment + 1]) {
        ++fragment;
      }
      frame.track = static_cast<int>(trackIndex) + 1;
      frame.timeNs -= originNs_;
      frame.orderNs -= originNs_;
      lastNs_ = std::max(lastNs_, frame.timeNs);
      fragments_[fragment].source.frames.push_back(std::move(frame));
    }
  }

  void finish(size_t index) {
    MediaFragment& fragment = fragments_[index];
    ChunkSource& source = fragment.source;
    interleave(source.frames);
    const int64_t beginMs = roundToMs(starts_[index] - originNs_);
    const int64_t endMs =
        index + 1 < starts_.size() ? roundToMs(starts_[index + 1] - originNs_) : roundToMs(lastNs_);
    for (Frame& frame : source.frames) {
      frame.timeNs -= beginMs * kNsPerMs;
    }
    source.producerMs = options_.startMs + beginMs;
    source.serverMs =
        serverTimeMs(source.producerMs, options_.serverOffsetMs, static_cast<int>(index));
    source.timecodeMs = layout_.absoluteTimecodes ? source.producerMs : beginMs;
    fragment.lengthMs = endMs - beginMs;
    for (const EncodedTrack& track : tracks_) {
      source.tracks.push_back(makeTrack(track, ""));
    }
  }

  const FileOptions& options_;
  const Layout& layout_;
  std::vector<EncodedTrack> tracks_;
  std::vector<int64_t> starts_;
  int64_t originNs_ = 0;
  int64_t lastNs_ = 0;
  std::vector<MediaFragment> fragments_;
};

}  // namespace

Result<std::vector<MediaFragment>> cutFile(const FileOptions& options, const Layout& layout) {
  auto tracks = demuxFile(options.path);
  if (!tracks) {
    return failure(tracks.error());
  }
  auto fragments = Cutter(options, layout, std::move(*tracks)).run();
  if (fragments.empty()) {
    return failure(options.path + ": no key frame to begin with");
  }
  return fragments;
}

}  // namespace kvsemulator
