// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/range_list.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "archive/service_limits.h"

namespace kvsarchive::archive {
namespace {

/// Listed lengths can be too short by some frames.

bool mayReach(const kvs::Fragment& fragment, FragmentClock clock, UnixTime time) {
  return fragment.length.count() == 0 ||
         timeOf(fragment, clock) + fragment.length + kLengthSlack > time;
}

}  // namespace

RangeList::RangeList(kvs::ArchivedMediaClient& client, const ListOptions& options)
    : client_(client),
      options_(options),
      isOneClock_(isSameClock(options.clock, options.selector.type)) {
  lister_.emplace(client_, options_);
}

void RangeList::seek(UnixTime time, UnixTime first) {
  first_ = first;
  wanted_.reset();
  if (isKnown(time)) {
    next_ = time > first ? indexFrom(time) : firstIndex();
  } else {
    listFrom(time, first);
  }
}

/// Whether all around `time` was listed. By another clock nothing is known before all is.
bool RangeList::isKnown(UnixTime time) const {
  const bool isBehindBegin = !knownFrom_ || time >= *knownFrom_;
  return isBehindBegin && (lister_->done() || (isOneClock_ && time < lister_->listedUntil()));
}

void RangeList::listFrom(UnixTime time, UnixTime first) {
  ListOptions options = options_;
  known_.clear();
  next_ = 0;
  knownFrom_.reset();
  superseded_ = 0;
  if (isOneClock_ && time > first) {
    options.selector.start = std::min(time, options.selector.end);
    options.leadIn = true;
    knownFrom_ = options.selector.start;
  } else if (time > first) {
    wanted_ = time;
  } else if (isOneClock_ && first > options.selector.start) {
    // What is before it was found empty, or lost, once: looking again may take many requests.
    options.selector.start = std::min(first, options.selector.end);
    options.leadIn = false;
  }
  lister_.emplace(client_, options);
}

std::optional<Result<std::vector<kvs::Fragment>>> RangeList::poll(const CancelToken& cancel) {
  while (next_ == known_.size()) {
    const auto fragments = lister_->poll(cancel);
    if (!fragments || !*fragments || (*fragments)->empty()) {
      return fragments;
    }
    remember(**fragments);
  }
  const auto begin = known_.begin() + static_cast<std::ptrdiff_t>(next_);
  next_ = known_.size();
  return Result<std::vector<kvs::Fragment>>(std::vector<kvs::Fragment>(begin, known_.end()));
}

/// What is left of them is to be handed on.
void RangeList::remember(const std::vector<kvs::Fragment>& fragments) {
  if (known_.size() >= kMaxKnown) {
    known_.erase(known_.begin(), known_.begin() + kMaxKnown / 2);
    knownFrom_ = timeOf(known_.front(), options_.clock);
  }
  const size_t before = known_.size();
  known_.insert(known_.end(), fragments.begin(), fragments.end());
  // By another clock all of the range is in one window, so that the place is in it.
  const auto wanted = std::exchange(wanted_, std::nullopt);
  next_ = std::max(before, wanted ? indexFrom(*wanted) : firstIndex());
}

/// Of the first fragment in known_ that may be handed on.
size_t RangeList::firstIndex() const {
  const auto isBefore = [this](const kvs::Fragment& fragment) {
    return timeOf(fragment, options_.clock) < first_;
  };
  const auto first = std::partition_point(known_.begin(), known_.end(), isBefore);
  return static_cast<size_t>(first - known_.begin());
}

/// Of the fragment in known_ that covers `time`, or of the one behind it.
size_t RangeList::indexFrom(UnixTime time) const {
  const auto isAtOrBefore = [&](const kvs::Fragment& fragment) {
    return timeOf(fragment, options_.clock) <= time;
  };
  auto begin = std::partition_point(known_.begin(), known_.end(), isAtOrBefore);
  if (begin != known_.begin() && mayReach(*std::prev(begin), options_.clock, time)) {
    --begin;
  }
  return std::max(static_cast<size_t>(begin - known_.begin()), firstIndex());
}

uint64_t RangeList::takeSuperseded() {
  const uint64_t count = lister_->superseded() - superseded_;
  superseded_ = lister_->superseded();
  return count;
}

}  // namespace kvsarchive::archive
