// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unix_time.h"
#include "matroska/chunk.h"
#include "matroska/cues.h"
#include "matroska/timeline.h"
#include "matroska/track_map.h"

namespace kvsarchive::matroska {

/// What to do with a fragment whose tracks the document does not have.
enum class OnTrackChange { kError, kDropTracks, kDropFragments };

/// When a fragment is, for the splicer.
struct FragmentTime {
  UnixTime time{};                       ///< of the first cluster's Timecode
  std::chrono::milliseconds earliest{};  ///< of its earliest block, relative to `time`
  std::chrono::milliseconds length{};    ///< as listed, 0 = unknown
};

/// What became of a fragment's beginning.
struct FragmentSplice {
  bool skip = false;       ///< nothing of it fits the document
  std::string difference;  ///< tracks that could not be joined, in words
  std::chrono::milliseconds shift{0};
  bool discont = false;
};

/// One block of the document.
struct SplicedBlock {
  Bytes prefix;  ///< Tracks and Cluster header that go before it; mostly empty
  Bytes element;
  std::vector<Bytes> rest;  ///< of the element, as Block has it
  std::chrono::milliseconds pts{0};
  UnixTime time{};  ///< wall clock, without any shift
};

/// Joins fragments into ONE Matroska document that stock matroskademux plays from end to end: one
/// header, Clusters of unknown size with times counted from the origin, a bare Tracks element where
/// codec parameters change. Blocks are changed in place.
class Splicer {
 public:
  /// A fragment has 20 s at most. A block further away than this and its listed length from its
  /// fragment's time is damage, which would move all that follows.
  static constexpr std::chrono::minutes kMaxBlockOffset{1};

  /// `first` and `firstTime` describe the fragment that comes first; its earliest block is at 0.
  Splicer(const ChunkHeader& first, const FragmentTime& firstTime, OnTrackChange onTrackChange);

  UnixTime origin() const { return timeline_.origin(); }

  /// EBML header, Segment, Info and Tracks.
  std::string documentHeader() const;
  /// The same with a duration in Info, and Cues.
  std::string documentHeader(std::chrono::milliseconds duration,
                             const std::vector<CuePoint>& cues) const;

  /// The next fragment does not follow the one before. Its first block carries Tracks, since a
  /// demuxer may know those of another place.
  void jump();

  /// Begins a fragment. Errors: kTrackChange when its tracks can't be joined and that is to be an
  /// error; kDecode when they are too large together with those before.
  Result<FragmentSplice> beginFragment(const ChunkHeader& chunk, const FragmentTime& time);

  /// The next block of the fragment; no value if its track is left out.
  /// Errors: kDecode for times that can't be right or that the document can't hold; then the block
  /// is as if it had never been.
  Result<std::optional<SplicedBlock>> splice(ChunkBlock&& block);

 private:
  std::string infoAndTracks(std::optional<std::chrono::milliseconds> duration) const;
  Bytes clusterPrefix(std::chrono::milliseconds pts);

  TrackMap tracks_;
  Timeline timeline_;
  OnTrackChange onTrackChange_;

  TrackMap::Match match_;
  UnixTime fragmentTime_{};
  std::chrono::milliseconds maxOffset_{kMaxBlockOffset};
  uint64_t timecodeScale_ = 1'000'000;
  bool tracksChanged_ = false;
  std::optional<std::chrono::milliseconds> clusterTime_;  ///< none: the next block opens a Cluster
};

}  // namespace kvsarchive::matroska
