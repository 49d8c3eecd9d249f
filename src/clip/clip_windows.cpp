// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/clip_windows.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "base/iso8601.h"
#include "clip/clip_limits.h"

namespace kvsarchive::clip {
namespace {

using std::chrono::milliseconds;

/// Around the listed times, which are rounded.
constexpr milliseconds kMargin{1000};

archive::ListOptions listOptions(const kvs::FragmentSelector& range) {
  archive::ListOptions options;
  options.selector = range;
  options.clock = range.type == kvs::SelectorType::kServerTimestamp
                      ? archive::FragmentClock::kServer
                      : archive::FragmentClock::kProducer;
  options.duplicates = archive::Duplicates::kAll;
  return options;
}

Error oneTime(UnixTime time) {
  return makeError(ErrorKind::kSettings, "several fragments have the time " + formatIso8601(time) +
                                             ", and no clip has all of them: use kvsarchivesrc, or "
                                             "fragment-selector-type=server-timestamp");
}

}  // namespace

ClipWindows::ClipWindows(kvs::ArchivedMediaClient& client, const kvs::FragmentSelector& range)
    : client_(client), range_(range), lister_(client, listOptions(range)), free_(range.start) {}

/// Lists until one clip can be told from the next.
Status ClipWindows::list(const CancelToken& cancel) {
  while (!lister_.done() && ahead_.size() <= kMaxClipFragments) {
    auto found = client_.wait(lister_, cancel);
    if (!found) {
      return found.error();
    }
    std::move(found->begin(), found->end(), std::back_inserter(ahead_));
  }
  return {};
}

Result<ListedRange> ClipWindows::beginning(const CancelToken& cancel) {
  const Status listed = list(cancel);
  if (!listed) {
    return listed.error();
  }
  return ListedRange{range_.type, {ahead_.begin(), ahead_.end()}, lister_.done()};
}

Result<std::optional<ClipWindow>> ClipWindows::next(const CancelToken& cancel) {
  const Status listed = list(cancel);
  if (!listed) {
    return listed.error();
  }
  if (ahead_.empty()) {
    return std::optional<ClipWindow>();
  }
  auto window = cut(count());
  if (!window) {
    return window.error();
  }
  return std::make_optional(std::move(*window));
}

/// Whether a fragment may be of another recording than the one in front of it, by the producer's
/// clock: the service leaves out what was ingested later than the oldest of several in a range.
bool ClipWindows::isOther(size_t index) const {
  const auto isEarlier = [this](size_t a, size_t b) {
    return kvs::fragmentNumberLess(ahead_[a].number, ahead_[b].number);
  };
  if (isEarlier(index, index - 1)) {
    return true;
  }
  if (range_.type == kvs::SelectorType::kServerTimestamp) {
    return false;
  }
  const bool isBetween =
      index + 1 < ahead_.size() && isEarlier(index + 1, index) && isEarlier(index - 1, index + 1);
  return isBetween || overlap(ahead_[index - 1], ahead_[index]);
}

/// How many fragments the next window has: as fit into a clip, of one recording.
size_t ClipWindows::count() const {
  const UnixTime first = timeOf(ahead_.front(), range_.type);
  uint64_t bytes = ahead_.front().sizeBytes;
  size_t count = 1;
  for (; count < ahead_.size() && count < kMaxClipFragments; ++count) {
    const kvs::Fragment& fragment = ahead_[count];
    bytes += fragment.sizeBytes;
    if (bytes > kSafeClipBytes || isOther(count) ||
        timeOf(fragment, range_.type) - first > kMaxClipSpan - 2 * kMargin) {
      break;
    }
  }
  return count;
}

/// Takes that many fragments, or fewer, if the next one has the time of the last.
Result<ClipWindow> ClipWindows::cut(size_t count) {
  const auto timeAt = [this](size_t index) { return timeOf(ahead_[index], range_.type); };
  while (count > 0 && count < ahead_.size() && timeAt(count - 1) == timeAt(count)) {
    --count;
  }
  const bool isProducers = range_.type == kvs::SelectorType::kProducerTimestamp;
  for (size_t i = 1; i < count && isProducers; ++i) {
    if (timeAt(i) == timeAt(i - 1)) {
      return oneTime(timeAt(i));
    }
  }
  if (count == 0) {
    return oneTime(timeAt(0));
  }
  ClipWindow window;
  UnixTime end = timeAt(count - 1) + kMargin;
  if (count < ahead_.size()) {
    end = std::min(end, timeAt(count - 1) + (timeAt(count) - timeAt(count - 1)) / 2);
  }
  end = std::min(end, range_.end);
  window.selector = {range_.type, std::max(free_, timeAt(0) - kMargin), end};
  if (end <= window.selector.start) {  // the service takes no range of one millisecond
    return oneTime(timeAt(0));
  }
  free_ = end + milliseconds(1);
  const auto behind = ahead_.begin() + static_cast<std::ptrdiff_t>(count);
  window.listed = {range_.type,
                   {std::make_move_iterator(ahead_.begin()), std::make_move_iterator(behind)},
                   true};
  ahead_.erase(ahead_.begin(), behind);
  return window;
}

}  // namespace kvsarchive::clip
