// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "matroska/tracks.h"

namespace kvsarchive::matroska {

/// The tracks of the document, fixed by its first fragment, and how each fragment's tracks map to
/// them. matroskademux ends the stream without a word when a later Tracks element has another set
/// of tracks, so the set never changes: only formats' parameters do.
class TrackMap {
 public:
  /// What a fragment's tracks mean for the document.
  struct Match {
    std::vector<std::pair<uint64_t, size_t>> tracks;  ///< chunk's track number -> index in tracks()
    std::vector<Track> surplus;                       ///< tracks that the document does not have
    std::string difference;  ///< what can't be joined, in words; empty if all can

    /// Index in tracks() for a chunk's track number; npos if the document does not have it.
    size_t indexOf(uint64_t number) const;
    static constexpr size_t npos = SIZE_MAX;
  };

  explicit TrackMap(std::vector<Track> first) : tracks_(std::move(first)) {}

  const std::vector<Track>& tracks() const { return tracks_; }

  /// Pairs tracks of the same type and codec: by name and number, by name, by number, by order.
  /// A track of the document that the chunk lacks is no difference.
  Match match(const std::vector<Track>& chunkTracks) const;

  /// Takes over the chunk's codec parameters. True if any differ, so that the document needs a new
  /// Tracks element.
  bool update(const std::vector<Track>& chunkTracks, const Match& match);

 private:
  std::string describeSurplus(const Track& track, std::vector<bool>* taken) const;

  std::vector<Track> tracks_;
};

}  // namespace kvsarchive::matroska
