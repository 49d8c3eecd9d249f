// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/generator.h"

#include <algorithm>

#include "media/encoders.h"
#include "media/timeline.h"
#include "media/track_maker.h"

namespace kvsemulator {
namespace {

constexpr int kFirstToneHz = 300;
constexpr int kToneStepHz = 140;
constexpr const char* kBadCodecPrivate = "?";
constexpr const char* kBadFrame = "no frame at all";

void spoil(ChunkSource& source, const FlawOptions& flaw) {
  if (static_cast<size_t>(flaw.track) > source.tracks.size()) {
    return;
  }
  if (flaw.kind != FlawKind::kBadFrame) {
    source.tracks[static_cast<size_t>(flaw.track) - 1].codecPrivate =
        flaw.kind == FlawKind::kNoCodecPrivate ? "" : kBadCodecPrivate;
    return;
  }
  for (Frame& frame : source.frames) {
    if (frame.track == flaw.track) {
      frame.data = Bytes::take(kBadFrame);
      return;
    }
  }
}

class Generator {
 public:
  Generator(const GeneratedOptions& options, const Layout& layout)
      : options_(options),
        plans_(planTimeline(options)),
        perFragment_(framesPerFragment(options)),
        fragmentNs_(fragmentNs(options)),
        fragments_(plans_.size()) {
    for (size_t i = 0; i < plans_.size(); ++i) {
      MediaFragment& fragment = fragments_[i];
      fragment.source.producerMs = plans_[i].producerMs;
      fragment.source.serverMs = plans_[i].serverMs;
      fragment.source.timecodeMs =
          layout.absoluteTimecodes ? plans_[i].producerMs : plans_[i].timecodeMs;
      fragment.lengthMs = fragmentNs_ / 1'000'000;
      fragment.discont = plans_[i].discont;
      fragment.newSession = i > 0 && plans_[i].session != plans_[i - 1].session;
    }
  }

  /// Returns what went wrong, empty = nothing.
  std::string run() {
    for (size_t i = 0; i < plans_.size() && options_.video != VideoCodec::kNone;) {
      const size_t end = runEnd(i, true);
      std::string error = addVideo(i, end);
      if (!error.empty()) {
        return error;
      }
      i = end;
    }
    for (size_t i = 0; i < plans_.size();) {
      const size_t end = runEnd(i, false);
      for (size_t track = 0; track < options_.audio.size(); ++track) {
        std::string error = addAudio(i, end, track);
        if (!error.empty()) {
          return error;
        }
      }
      i = end;
    }
    finish();
    return {};
  }

  std::vector<MediaFragment> take() { return std::move(fragments_); }

 private:
  /// End of the fragments that can be encoded in one go with fragment `begin`.
  size_t runEnd(size_t begin, bool sameSize) const {
    size_t end = begin + 1;
    while (end < plans_.size() && plans_[end].session == plans_[begin].session &&
           (!sameSize || (plans_[end].width == plans_[begin].width &&
                          plans_[end].height == plans_[begin].height))) {
      ++end;
    }
    return end;
  }

  std::string addVideo(size_t begin, size_t end) {
    VideoJob job;
    job.codec = options_.video;
    job.width = plans_[begin].width;
    job.height = plans_[begin].height;
    job.fps = options_.fps;
    job.bFrames = options_.bFrames;
    job.keyInterval = perFragment_;
    job.firstFrame = static_cast<int>(begin) * perFragment_;
    job.frames = static_cast<int>(end - begin) * perFragment_;
    job.timeMs = [&](int frame) {
      const auto fragment = begin + static_cast<size_t>(frame / perFragment_);
      return plans_[fragment].producerMs + frame % perFragment_ * 1000 / options_.fps;
    };
    auto encoded = encodeVideo(job);
    if (!encoded) {
      return encoded.error();
    }
    if (encoded->frames.size() != static_cast<size_t>(job.frames)) {
      return "the video encoder lost frames";
    }
    for (size_t i = begin; i < end; ++i) {
      fragments_[i].source.tracks.push_back(makeTrack(*encoded, "video"));
    }
    for (size_t i = 0; i < encoded->frames.size(); ++i) {
      Frame& frame = encoded->frames[i];
      const size_t index = i / static_cast<size_t>(perFragment_);
      frame.timeNs -= static_cast<int64_t>(index) * fragmentNs_;
      frame.orderNs = static_cast<int64_t>(i) % perFragment_ * 1'000'000'000 / options_.fps;
      fragments_[begin + index].source.frames.push_back(std::move(frame));
    }
    return {};
  }

  std::string addAudio(size_t begin, size_t end, size_t track) {
    AudioJob job;
    job.codec = options_.audio[track].codec;
    job.toneHz = kFirstToneHz + kToneStepHz * static_cast<int>(track);
    job.durationNs = static_cast<int64_t>(end - begin) * fragmentNs_;
    auto encoded = encodeAudio(job);
    if (!encoded) {
      return encoded.error();
    }
    for (size_t i = begin; i < end; ++i) {
      if (i > 0 || options_.firstFragmentAudio != FirstFragmentAudio::kNoTrack) {
        fragments_[i].source.tracks.push_back(makeTrack(*encoded, options_.audio[track].name));
      }
    }
    const bool hasVideo = options_.video != VideoCodec::kNone;
    for (Frame& frame : encoded->frames) {
      const auto last = static_cast<int64_t>(end - begin) - 1;
      const auto index = std::clamp<int64_t>(frame.timeNs / fragmentNs_, 0, last);
      frame.timeNs -= index * fragmentNs_;
      frame.orderNs = frame.timeNs;
      frame.track = static_cast<int>(track) + (hasVideo ? 2 : 1);
      frame.key = true;
      fragments_[begin + static_cast<size_t>(index)].source.frames.push_back(std::move(frame));
    }
    return {};
  }

  void finish() {
    if (options_.firstFragmentAudio != FirstFragmentAudio::kNormal) {
      auto& frames = fragments_.front().source.frames;
      frames.erase(std::remove_if(frames.begin(), frames.end(),
                                  [](const Frame& frame) { return frame.track > 1; }),
                   frames.end());
    }
    for (size_t i = 0; i < fragments_.size(); ++i) {
      ChunkSource& source = fragments_[i].source;
      interleave(source.frames);
      for (const FragmentTagOptions& rule : options_.tags) {
        if (rule.fragment == 0 || rule.fragment == static_cast<int>(i) + 1) {
          (rule.beforeInfo ? source.tagsBeforeInfo : source.tagsAfterCluster).push_back(rule.tag);
        }
      }
      for (const FlawOptions& flaw : options_.flaws) {
        if (flaw.fragment == 0 || flaw.fragment == static_cast<int>(i) + 1) {
          spoil(source, flaw);
        }
      }
    }
  }

  const GeneratedOptions& options_;
  const std::vector<FragmentPlan> plans_;
  const int perFragment_;
  const int64_t fragmentNs_;
  std::vector<MediaFragment> fragments_;
};

}  // namespace

Result<std::vector<MediaFragment>> generateMedia(const GeneratedOptions& options,
                                                 const Layout& layout) {
  Generator generator(options, layout);
  const std::string error = generator.run();
  if (!error.empty()) {
    return failure(error);
  }
  return generator.take();
}

}  // namespace kvsemulator
