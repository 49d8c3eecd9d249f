// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/fragment_lister.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "archive/service_limits.h"
#include "base/iso8601.h"
#include "base/log.h"
#include "kvs/service_error.h"

namespace kvsarchive::archive {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kMaxPageSize = 1000;
/// Densities change: a page that is too small costs requests.
constexpr int kLeastPageSize = 250;
/// Of what is looked through for the first fragment: each costs a point of the stream's quota.
constexpr int kProbePageSize = 50;
/// Fragments per millisecond where nothing is known yet: few have less than a second.
constexpr double kUsualDensity = 1.0 / 1000;
/// Fragments wanted in a window: half a page, so that twice the density still is one request.
constexpr int64_t kWantedFragments = 500;
/// A window with more of them is given up for a shorter one.
constexpr size_t kMaxFragments = 1000;
/// Fits on one page, even of the smallest size, unless fragments are very short.
constexpr seconds kFirstSpan{60};
constexpr seconds kMinSpan{1};
constexpr int kGrowth = 4;

UnixTime firstTime(const ListOptions& options) {
  const UnixTime start = options.selector.start;
  return options.leadIn ? std::max(UnixTime(), start - kLongestFragment) : start;
}

/// Sorts by number. Fragments can be on two pages, and on the edge of two windows.
void dropRepeats(std::vector<kvs::Fragment>& fragments) {
  std::sort(fragments.begin(), fragments.end(), [](const auto& a, const auto& b) {
    return kvs::fragmentNumberLess(a.number, b.number);
  });
  const auto sameNumber = [](const auto& a, const auto& b) { return a.number == b.number; };
  fragments.erase(std::unique(fragments.begin(), fragments.end(), sameNumber), fragments.end());
}

}  // namespace

FragmentLister::FragmentLister(kvs::ArchivedMediaClient& client, const ListOptions& options)
    : client_(client),
      options_(options),
      windowed_(isSameClock(options.clock, options.selector.type)),
      from_(firstTime(options)),
      to_(options.selector.end),
      span_(kFirstSpan),
      density_(kUsualDensity) {
  if (windowed_) {
    to_ = std::min(to_, options.selector.start + kFirstSpan);
  }
}

std::optional<Result<std::vector<kvs::Fragment>>> FragmentLister::poll(const CancelToken& cancel) {
  std::vector<kvs::Fragment> fragments;
  while (!done_ && fragments.empty()) {
    const auto advanced = probing_ ? probe(cancel) : listWindow(cancel, fragments);
    if (!advanced) {
      return std::nullopt;
    }
    if (!*advanced) {
      return Result<std::vector<kvs::Fragment>>(advanced->error());
    }
  }
  return Result<std::vector<kvs::Fragment>>(std::move(fragments));
}

std::optional<Status> FragmentLister::listWindow(const CancelToken& cancel,
                                                 std::vector<kvs::Fragment>& fragments) {
  if (!pages_) {
    pages_.emplace(client_, until(to_), pageSize());
  }
  while (!pages_->done()) {
    const auto page = pages_->poll(cancel);
    if (!page) {
      return std::nullopt;
    }
    if (!*page && isBeyondRetention(page->error(), to_)) {
      break;
    }
    if (!*page) {
      return page->error();
    }
    found_.insert(found_.end(), (*page)->begin(), (*page)->end());
    if (isTooFull()) {
      narrowWindow();
    }
  }
  pages_.reset();
  fragments = closeWindow();
  return Status();
}

/// Twice what is to be expected: a page costs as many points of the stream's quota as it could have
/// fragments, and what does not fit costs a second request.
int FragmentLister::pageSize() const {
  const double expected = static_cast<double>((to_ - from_).count()) * density_;
  return windowed_
             ? static_cast<int>(std::clamp<double>(2 * expected, kLeastPageSize, kMaxPageSize))
             : kMaxPageSize;
}

bool FragmentLister::isTooFull() {
  if (!windowed_ || pages_->done() || found_.size() <= kMaxFragments ||
      to_ - windowBegin() <= kMinSpan) {
    return false;
  }
  dropRepeats(found_);
  return found_.size() > kMaxFragments;
}

/// Gives up the part of the window behind the first few fragments seen, and half of it at least.
/// What was found in the rest stays, and comes again.
void FragmentLister::narrowWindow() {
  const auto isEarlier = [this](const auto& a, const auto& b) {
    return selectedTime(a) < selectedTime(b);
  };
  const auto few = found_.begin() + kWantedFragments / 2;
  std::nth_element(found_.begin(), few, found_.end(), isEarlier);
  const UnixTime begin = windowBegin();
  to_ = std::max(begin + kMinSpan, std::min(selectedTime(*few), begin + (to_ - begin) / 2));
  const auto isBehind = [this](const auto& fragment) { return selectedTime(fragment) > to_; };
  found_.erase(std::remove_if(found_.begin(), found_.end(), isBehind), found_.end());
  pages_.emplace(client_, until(to_), kMaxPageSize);
}

/// Takes what the window has to hand on and sets up the next one.
std::vector<kvs::Fragment> FragmentLister::closeWindow() {
  const bool last = to_ == options_.selector.end;
  std::vector<kvs::Fragment> fragments = std::exchange(found_, {});
  dropRepeats(fragments);
  // Services may disagree on parts of milliseconds, or on bounds: the time listed says whose a
  // fragment is.
  const auto isOfNoWindow = [this](const kvs::Fragment& fragment) {
    const UnixTime time = selectedTime(fragment);
    return time < from_ || time > options_.selector.end;
  };
  fragments.erase(std::remove_if(fragments.begin(), fragments.end(), isOfNoWindow),
                  fragments.end());
  // At the edge there may be more of the same time: they are settled with the next window.
  const auto edge = std::stable_partition(
      fragments.begin(), fragments.end(),
      [&](const auto& fragment) { return last || selectedTime(fragment) < to_; });
  std::move(edge, fragments.end(), std::back_inserter(found_));
  fragments.erase(edge, fragments.end());

  const size_t count = fragments.size();
  std::stable_sort(fragments.begin(), fragments.end(), [this](const auto& a, const auto& b) {
    return timeOf(a, options_.clock) < timeOf(b, options_.clock);
  });
  dropSuperseded(fragments);
  if (options_.leadIn) {
    settleLeadIn(fragments);
  }
  beginNext(count, fragments.empty() && found_.empty());
  return fragments;
}

void FragmentLister::dropSuperseded(std::vector<kvs::Fragment>& sorted) {
  if (options_.duplicates == Duplicates::kAll || options_.clock != FragmentClock::kProducer) {
    return;
  }
  std::vector<kvs::Fragment> kept;
  for (size_t i = 0; i < sorted.size(); ++i) {
    const UnixTime time = sorted[i].producerTimestamp;
    if (i + 1 == sorted.size() || time != sorted[i + 1].producerTimestamp || time == UnixTime()) {
      kept.push_back(std::move(sorted[i]));
    } else if (selectedTime(sorted[i]) >= options_.selector.start) {  // not of the lead-in
      ++superseded_;
      log::write(log::Level::kInfo, log::Area::kArchive,
                 "fragment " + sorted[i].number + " is superseded by " + sorted[i + 1].number);
    }
  }
  sorted = std::move(kept);
}

/// Of all that begins before the range only the last is left, if it reaches into it.
void FragmentLister::settleLeadIn(std::vector<kvs::Fragment>& fragments) const {
  const UnixTime start = options_.selector.start;
  const auto isLater = [this](const kvs::Fragment& a, const kvs::Fragment& b) {
    return selectedTime(a) != selectedTime(b) ? selectedTime(a) > selectedTime(b)
                                              : kvs::fragmentNumberLess(b.number, a.number);
  };
  const kvs::Fragment* last = nullptr;
  for (const kvs::Fragment& fragment : fragments) {
    if (selectedTime(fragment) < start && (last == nullptr || isLater(fragment, *last))) {
      last = &fragment;
    }
  }
  if (last == nullptr) {
    return;
  }
  const bool isFirstAtStart =
      std::any_of(fragments.begin(), fragments.end(),
                  [&](const kvs::Fragment& fragment) { return selectedTime(fragment) == start; });
  // Listed lengths are not exact; that it does not reach the start is seen in its frames then.
  const seconds slack = isFirstAtStart ? seconds(0) : kLengthSlack;
  const bool covers =
      last->length.count() == 0 || selectedTime(*last) + last->length + slack > start;
  const std::string leadIn = covers ? last->number : "";
  const auto isOutside = [&](const kvs::Fragment& fragment) {
    return selectedTime(fragment) < start && fragment.number != leadIn;
  };
  fragments.erase(std::remove_if(fragments.begin(), fragments.end(), isOutside), fragments.end());
}

/// After a window of `count` fragments.
void FragmentLister::beginNext(size_t count, bool empty) {
  const UnixTime end = options_.selector.end;
  const milliseconds listed = to_ - from_;
  done_ = to_ == end;
  if (count > 0) {
    const milliseconds wanted = listed * kWantedFragments / static_cast<int64_t>(count);
    density_ =
        static_cast<double>(count) / static_cast<double>(std::max<int64_t>(listed.count(), 1));
    span_ = std::max<milliseconds>(kMinSpan, std::min(wanted, listed * kGrowth));
  }
  from_ = to_;
  to_ = std::min(from_ + span_, end);
  probing_ = empty;
  occupied_.reset();
  halve_ = false;
}

/// Looks for the next fragment, by a page of what is ahead. If that is not all, the earliest on it
/// is a bound for the next page; in whatever order they come, the first of many is found soon, for
/// what does not get shorter by half is cut in halves.
std::optional<Status> FragmentLister::probe(const CancelToken& cancel) {
  const UnixTime end = options_.selector.end;
  const UnixTime bound = occupied_.value_or(end);
  if (bound - from_ <= span_) {
    beginBehindGap();
    return Status();
  }
  const UnixTime to = halve_ ? from_ + (bound - from_) / 2 : bound;
  if (!pages_) {
    pages_.emplace(client_, until(to), kProbePageSize);
  }
  std::vector<kvs::Fragment> found;
  while (found.empty() && !pages_->done()) {
    auto page = pages_->poll(cancel);
    if (!page) {
      return std::nullopt;
    }
    if (!*page && isBeyondRetention(page->error(), to)) {
      break;
    }
    if (!*page) {
      return page->error();
    }
    found = std::move(**page);
  }
  const bool isAll = pages_->done();
  pages_.reset();
  if (found.empty()) {
    from_ = to;
    done_ = to == end;
    halve_ = false;
    return Status();
  }
  const UnixTime earliest = selectedTime(*std::min_element(
      found.begin(), found.end(),
      [this](const auto& a, const auto& b) { return selectedTime(a) < selectedTime(b); }));
  constexpr milliseconds kRounding{1};
  if (isAll) {
    from_ = std::max(from_, earliest - kRounding);
    beginBehindGap();
    return Status();
  }
  occupied_ = earliest + kRounding > from_ ? std::min(earliest + kRounding, to) : to;
  halve_ = *occupied_ - from_ > (bound - from_) / 2;
  return Status();
}

void FragmentLister::beginBehindGap() {
  probing_ = false;
  to_ = std::min(from_ + span_, options_.selector.end);
}

UnixTime FragmentLister::windowBegin() const { return std::max(from_, options_.selector.start); }

UnixTime FragmentLister::selectedTime(const kvs::Fragment& fragment) const {
  return timeOf(fragment, options_.selector.type);
}

kvs::FragmentSelector FragmentLister::until(UnixTime to) const {
  return {options_.selector.type, from_, to};
}

/// By the server's clock the service refuses a range that ENDS before what it still keeps, though
/// not one that begins there: of such a window or probe, nothing is left.
bool FragmentLister::isBeyondRetention(const Error& error, UnixTime to) const {
  const bool is = options_.selector.type == kvs::SelectorType::kServerTimestamp &&
                  to < options_.selector.end &&
                  kvs::shortCode(error.awsCode) == "InvalidArgument" &&
                  error.message.find("retention") != std::string::npos;
  if (is) {
    log::write(log::Level::kInfo, log::Area::kArchive,
               "nothing before " + formatIso8601(to) + " is kept any more");
  }
  return is;
}

}  // namespace kvsarchive::archive
