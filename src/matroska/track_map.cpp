// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/track_map.h"

#include "base/text.h"

namespace kvsarchive::matroska {
namespace {

constexpr size_t kMaxDifference = 1000;

/// How sure it is that two tracks of one format are the same one; smaller is surer.
enum class Likeness { kNameAndNumber, kName, kNumber, kFormat };

bool isAlike(const Track& mine, const Track& theirs, Likeness likeness) {
  const bool sameName = !mine.name.empty() && mine.name == theirs.name;
  const bool sameNumber = mine.number == theirs.number;
  switch (likeness) {
    case Likeness::kNameAndNumber:
      return sameName && sameNumber;
    case Likeness::kName:
      return sameName;
    case Likeness::kNumber:
      return sameNumber;
    case Likeness::kFormat:
      return true;
  }
  return false;
}

}  // namespace

size_t TrackMap::Match::indexOf(uint64_t number) const {
  for (const auto& [chunkNumber, index] : tracks) {
    if (chunkNumber == number) {
      return index;
    }
  }
  return npos;
}

TrackMap::Match TrackMap::match(const std::vector<Track>& chunkTracks) const {
  Match match;
  std::vector<bool> taken(tracks_.size(), false);
  for (const Likeness likeness :
       {Likeness::kNameAndNumber, Likeness::kName, Likeness::kNumber, Likeness::kFormat}) {
    for (const Track& theirs : chunkTracks) {
      if (match.indexOf(theirs.number) != Match::npos) {
        continue;
      }
      for (size_t i = 0; i < tracks_.size(); ++i) {
        if (!taken[i] && tracks_[i].sameFormat(theirs) && isAlike(tracks_[i], theirs, likeness)) {
          taken[i] = true;
          match.tracks.emplace_back(theirs.number, i);
          break;
        }
      }
    }
  }
  for (const Track& theirs : chunkTracks) {
    if (match.indexOf(theirs.number) == Match::npos) {
      match.difference += (match.difference.empty() ? "" : "; ") + describeSurplus(theirs, &taken);
      match.surplus.push_back(theirs);
    }
  }
  match.difference = oneLine(match.difference, kMaxDifference);
  return match;
}

/// Names the track in whose place it came: one that is gone, of its type or else of its number.
std::string TrackMap::describeSurplus(const Track& track, std::vector<bool>* taken) const {
  size_t replaced = Match::npos;
  int likeness = 0;
  for (size_t i = 0; i < tracks_.size(); ++i) {
    const int alike =
        (tracks_[i].type == track.type ? 2 : 0) + (tracks_[i].number == track.number ? 1 : 0);
    if (!(*taken)[i] && alike > likeness) {
      replaced = i;
      likeness = alike;
    }
  }
  if (replaced == Match::npos) {
    return describe(track) + " is new";
  }
  (*taken)[replaced] = true;
  return describe(tracks_[replaced]) + " becomes " + describe(track);
}

bool TrackMap::update(const std::vector<Track>& chunkTracks, const Match& match) {
  bool changed = false;
  for (const Track& theirs : chunkTracks) {
    const size_t index = match.indexOf(theirs.number);
    if (index != Match::npos && tracks_[index].parameters != theirs.parameters) {
      tracks_[index].parameters = theirs.parameters;
      changed = true;
    }
  }
  return changed;
}

}  // namespace kvsarchive::matroska
