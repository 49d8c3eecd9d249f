// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "media/tag.h"

namespace kvsemulator {

enum class VideoCodec { kNone, kH264, kH265 };
enum class AudioCodec { kAac, kAlaw, kMulaw };
enum class RestartTimecodes { kZero, kEqual, kFalling };
enum class FirstFragmentAudio { kNormal, kNoBlocks, kNoTrack };

struct AudioTrackOptions {
  AudioCodec codec = AudioCodec::kAac;
  std::string name;
};

/// The producer sends nothing for a while, in one session.
struct GapOptions {
  int afterFragment = 0;
  double seconds = 0;
};

/// The producer connects anew.
struct RestartOptions {
  int afterFragment = 0;
  RestartTimecodes timecodes = RestartTimecodes::kZero;
  double pauseSeconds = 0;
  double clockStepSeconds = 0;  ///< change of the producer's clock, may be negative
};

struct ResizeOptions {
  int atFragment = 0;
  int width = 0;
  int height = 0;
};

struct FragmentTagOptions {
  int fragment = 0;  ///< 0 = every
  bool beforeInfo = false;
  Tag tag;
};

/// What is wrong with a track of a fragment.
enum class FlawKind { kNoCodecPrivate, kBadCodecPrivate, kBadFrame };

struct FlawOptions {
  int fragment = 0;  ///< 0 = every
  int track = 1;
  FlawKind kind = FlawKind::kNoCodecPrivate;
};

/// A test pattern to be encoded. Fragments count from 1.
struct GeneratedOptions {
  int fragments = 10;
  double fragmentSeconds = 2;
  int fps = 25;
  int width = 320;
  int height = 240;
  VideoCodec video = VideoCodec::kH264;
  int bFrames = 0;
  std::vector<AudioTrackOptions> audio;
  int64_t startMs = 0;
  int64_t serverOffsetMs = 0;
  std::vector<GapOptions> gaps;
  std::vector<RestartOptions> restarts;
  std::vector<ResizeOptions> resizes;
  FirstFragmentAudio firstFragmentAudio = FirstFragmentAudio::kNormal;
  std::vector<FragmentTagOptions> tags;
  std::vector<FlawOptions> flaws;
};

}  // namespace kvsemulator
