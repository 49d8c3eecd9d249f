// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/range_trim.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "archive/service_limits.h"
#include "matroska/time_scale.h"

namespace kvsarchive::archive {
namespace {

using Millis = std::chrono::milliseconds;

/// A block's place in its fragment.
struct Place {
  uint64_t track = 0;
  bool video = false;
  bool key = false;
  UnixTime time{};
};

std::vector<Place> placesOf(const FragmentMedia& media, UnixTime fragmentTime) {
  std::map<uint64_t, bool> isVideo;
  for (const matroska::Track& track : media.header->tracks) {
    isVideo[track.number] = track.type == matroska::TrackType::kVideo;
  }
  std::vector<Place> places;
  for (const matroska::ChunkBlock& block : media.blocks) {
    // A time that fits no clock is the splicer's to refuse.
    const auto offset = matroska::toMillisRounded(block.ticks, media.header->timecodeScale);
    places.push_back({block.block.track, isVideo[block.block.track], block.block.key,
                      fragmentTime + offset.value_or(Millis(0))});
  }
  return places;
}

/// Times in milliseconds are rounded.
constexpr Millis kRounding{1};

/// Whether the last frame is shown until after `start`. Its duration is taken from the one before;
/// a single one of a fragment whose length is not known either may last for long.
bool reaches(const std::vector<Place>& places, UnixTime start, bool lengthIsKnown) {
  std::map<uint64_t, std::set<UnixTime>> times;
  for (const Place& place : places) {
    times[place.track].insert(place.time);
  }
  const bool areSingle = std::all_of(times.begin(), times.end(),
                                     [](const auto& track) { return track.second.size() == 1; });
  if (areSingle && !lengthIsKnown) {
    return true;
  }
  for (const auto& [track, ofTrack] : times) {
    const UnixTime last = *ofTrack.rbegin();
    const Millis duration = ofTrack.size() > 1 ? last - *std::next(ofTrack.rbegin()) : Millis(0);
    if (last >= start || last + duration > start + kRounding) {
      return true;
    }
  }
  return false;
}

void trimStart(const std::vector<Place>& places, UnixTime start, std::vector<bool>* keep) {
  std::map<uint64_t, size_t> first;  // block from which on a track is kept
  std::optional<UnixTime> firstVideo;
  for (size_t i = 0; i < places.size(); ++i) {
    if (places[i].time <= start && (places[i].key || !places[i].video)) {
      first[places[i].track] = i;
    }
  }
  for (const auto& [track, index] : first) {
    if (places[index].video) {
      firstVideo = std::min(firstVideo.value_or(places[index].time), places[index].time);
    }
  }
  for (size_t i = 0; i < places.size(); ++i) {
    const Place& place = places[i];
    const auto from = first.find(place.track);
    if (firstVideo && !place.video) {
      (*keep)[i] = (*keep)[i] && place.time >= *firstVideo;
    } else if (from != first.end()) {
      (*keep)[i] = (*keep)[i] && i >= from->second;
    }
  }
}

void trimEnd(const std::vector<Place>& places, UnixTime end, std::vector<bool>* keep) {
  std::map<uint64_t, size_t> last;
  for (size_t i = 0; i < places.size(); ++i) {
    if (places[i].time <= end) {
      last[places[i].track] = i;
    }
  }
  for (size_t i = 0; i < places.size(); ++i) {
    const auto to = last.find(places[i].track);
    (*keep)[i] = (*keep)[i] && to != last.end() && i <= to->second;
  }
}

}  // namespace

bool RangeTrim::atStart(const kvs::Fragment& fragment) const {
  return start_ && timeOf(fragment, range_.type) < range_.start;
}

bool RangeTrim::concerns(const kvs::Fragment& fragment) const {
  const Millis length = std::max<Millis>(fragment.length, kLongestFragment);
  return atStart(fragment) || (end_ && timeOf(fragment, range_.type) + length > range_.end);
}

bool RangeTrim::mayBeOutside(const kvs::Fragment& fragment) const {
  return atStart(fragment) && fragment.length.count() > 0 &&
         timeOf(fragment, range_.type) + fragment.length <= range_.start;
}

std::vector<bool> RangeTrim::blocksToKeep(const FragmentMedia& media) const {
  std::vector<bool> keep(media.blocks.size(), true);
  const UnixTime begin = timeOf(media.fragment, range_.type);
  const std::vector<Place> places = placesOf(media, begin);
  if (atStart(media.fragment)) {
    const bool isKnown = media.fragment.length.count() > 0;
    if (begin + media.fragment.length <= range_.start && !reaches(places, range_.start, isKnown)) {
      return std::vector<bool>(media.blocks.size(), false);
    }
    trimStart(places, range_.start, &keep);
  }
  if (end_) {
    trimEnd(places, range_.end, &keep);
  }
  return keep;
}

}  // namespace kvsarchive::archive
