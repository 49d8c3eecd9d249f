// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/range_list.h"

#include <algorithm>
#include <utility>

namespace kvsarchive::archive {
namespace {

/// Listed lengths can be too short by some frames.
constexpr std::chrono::seconds kLengthSlack{1};

bool mayReach(const kvs::Fragment& fragment, FragmentClock clock, UnixTime time) {
  return fragment.length.count() == 0 ||
         timeOf(fragment, clock) + fragment.length + kLengthSlack > time;
}

}  // namespace

RangeList::RangeList(kvs::ArchivedMediaClient& client, const ListOptions& options)
    : client_(client), options_(options) {
  lister_.emplace(client_, options_);
}

void RangeList::seek(UnixTime time, UnixTime first) {
  ListOptions options = options_;
  const bool isOneClock = isSameClock(options.clock, options.selector.type);
  first_ = first;
  wanted_.reset();
  superseded_ = 0;
  if (isOneClock && time > first) {
    options.selector.start = std::min(time, options.selector.end);
    options.leadIn = true;
  } else if (time > first) {
    wanted_ = time;
  }
  lister_.emplace(client_, options);
}

std::optional<Result<std::vector<kvs::Fragment>>> RangeList::poll(const CancelToken& cancel) {
  for (;;) {
    auto fragments = lister_->poll(cancel);
    if (!fragments || !*fragments || (*fragments)->empty()) {
      return fragments;
    }
    dropBefore(**fragments);
    if (!(*fragments)->empty()) {
      return fragments;
    }
  }
}

void RangeList::dropBefore(std::vector<kvs::Fragment>& fragments) const {
  const auto isTooEarly = [this](const kvs::Fragment& fragment) {
    return first_ && timeOf(fragment, options_.clock) < *first_;
  };
  fragments.erase(std::remove_if(fragments.begin(), fragments.end(), isTooEarly), fragments.end());
  if (!wanted_) {
    return;
  }
  // All of the range is in one window then.
  const auto isAtOrBefore = [this](const kvs::Fragment& fragment) {
    return timeOf(fragment, options_.clock) <= *wanted_;
  };
  auto begin = std::partition_point(fragments.begin(), fragments.end(), isAtOrBefore);
  if (begin != fragments.begin() && mayReach(*std::prev(begin), options_.clock, *wanted_)) {
    --begin;
  }
  fragments.erase(fragments.begin(), begin);
}

uint64_t RangeList::takeSuperseded() {
  const uint64_t count = lister_->superseded() - superseded_;
  superseded_ = lister_->superseded();
  return count;
}

}  // namespace kvsarchive::archive
