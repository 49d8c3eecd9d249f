// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session_timeline.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>

namespace kvsemulator {
namespace {

constexpr int64_t kToleranceMs = 50;
/// What a replay begins with: players of live media want so many before they start.
constexpr size_t kReplayStart = 3;

int64_t lengthOf(const Stream::Entry& entry) { return std::max<int64_t>(1, entry.info().lengthMs); }

/// Of fragments with the same producer timestamp only the newest counts.
void dropDuplicates(const Stream& stream, std::vector<size_t>& places) {
  std::map<int64_t, size_t> newest;
  for (const size_t place : places) {
    newest[stream.entries()[place].info().producerMs] = place;
  }
  places.erase(std::remove_if(places.begin(), places.end(),
                              [&](size_t place) {
                                return newest[stream.entries()[place].info().producerMs] != place;
                              }),
               places.end());
}

}  // namespace

void SessionTimeline::update(int64_t nowMs) {
  const bool onDemand = options_.mode == PlaybackMode::kOnDemand;
  if (ended_) {
    return;
  }
  std::vector<size_t> places = candidates(nowMs);
  const auto max = static_cast<size_t>(options_.maxFragments);
  if (onDemand) {
    places.resize(std::min(places.size(), max));
    ended_ = true;
  } else if (options_.mode == PlaybackMode::kLiveReplay) {
    keepReleased(places, nowMs);
  } else if (items_.empty() && places.size() > max) {
    places.erase(places.begin(), places.end() - static_cast<std::ptrdiff_t>(max));
  }
  const bool first = items_.empty();
  for (const size_t place : places) {
    if (items_.empty() || place > items_.back().place) {
      append(place);
    }
  }
  if (first && !items_.empty()) {
    leadMs_ = items_.back().startMs + items_.back().lengthMs;
  }
}

size_t SessionTimeline::windowBegin() const {
  const auto max = static_cast<size_t>(options_.maxFragments);
  return items_.size() > max ? items_.size() - max : 0;
}

int64_t SessionTimeline::longestMs() const {
  int64_t longest = 0;
  for (const Item& item : items_) {
    longest = std::max(longest, item.lengthMs);
  }
  return longest;
}

std::vector<size_t> SessionTimeline::candidates(int64_t nowMs) const {
  std::vector<size_t> places;
  const int64_t start = options_.startMs.value_or(std::numeric_limits<int64_t>::min());
  const int64_t end = options_.endMs.value_or(std::numeric_limits<int64_t>::max());
  for (size_t place = 0; place < stream_.entries().size(); ++place) {
    const Stream::Entry& entry = stream_.entries()[place];
    if (!stream_.holds(entry, nowMs)) {
      continue;
    }
    const int64_t time = options_.clockMs(entry.info());
    if (time >= start && time <= end) {
      places.push_back(place);
    } else if (!options_.byServerTime && !places.empty()) {
      break;  // a later ingestion of the same time does not belong to it
    }
  }
  if (!options_.byServerTime) {
    dropDuplicates(stream_, places);
  }
  return places;
}

void SessionTimeline::keepReleased(std::vector<size_t>& places, int64_t nowMs) {
  size_t count = std::min(places.size(), kReplayStart);
  int64_t due = createdMs_;
  while (count < places.size()) {
    due += lengthOf(stream_.entries()[places[count]]);
    if (due > nowMs) {
      places.resize(count);
      return;
    }
    ++count;
  }
  // That there is no further one shows when it would have been its turn.
  const bool overdue = !places.empty() && nowMs >= due + lengthOf(stream_.entries()[places.back()]);
  ended_ = overdue && options_.endMs && nowMs > *options_.endMs;
}

void SessionTimeline::append(size_t place) {
  Item item{stream_.entries()[place], place, static_cast<int64_t>(items_.size()) + 1, 0, 0, false};
  item.lengthMs = lengthOf(item.entry);
  if (!items_.empty()) {
    const Item& last = items_.back();
    const int64_t clock = options_.clockMs(item.entry.info());
    const int64_t gap = clock - options_.clockMs(last.entry.info()) - last.lengthMs;
    item.discontinuity = options_.discontinuities == DiscontinuityMode::kAlways ||
                         (options_.discontinuities == DiscontinuityMode::kOnDiscontinuity &&
                          std::abs(gap) > kToleranceMs);
    // DASH players don't get over gaps, so there the media follows without any.
    item.startMs =
        options_.protocol == SessionProtocol::kDash
            ? last.startMs + last.lengthMs
            : std::max<int64_t>(0, clock - options_.clockMs(items_.front().entry.info()));
  }
  items_.push_back(item);
}

}  // namespace kvsemulator
