// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/clip_verdict.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/iso8601.h"
#include "clip/clip_limits.h"

namespace kvsarchive::clip {
namespace {

using std::chrono::milliseconds;

/// Sizes and lengths that are listed are not exact. A clip is doubted if it lacks a fifth of what
/// is listed, and two seconds.
constexpr milliseconds kSlack{2000};

bool isIngestedEarlier(const kvs::Fragment& a, const kvs::Fragment& b) {
  return kvs::fragmentNumberLess(a.number, b.number);
}

uint64_t bytesOf(const std::vector<kvs::Fragment>& fragments) {
  uint64_t bytes = 0;
  for (const kvs::Fragment& fragment : fragments) {
    bytes += fragment.sizeBytes;
  }
  return bytes;
}

/// When the first so many fragments end, from the first one's start.
milliseconds endOf(const ListedRange& listed, size_t count) {
  const auto& fragments = listed.fragments;
  return timeOf(fragments[count - 1], listed.type) - timeOf(fragments.front(), listed.type) +
         fragments[count - 1].length;
}

/// How many fragments a clip has that may have been cut: those whose end, or size, is nearest to
/// the clip's.
size_t fragmentsIn(const ListedRange& listed, const ReceivedClip& clip) {
  const size_t most = std::min(listed.fragments.size(), kMaxClipFragments);
  size_t nearest = most;
  int64_t least = INT64_MAX;
  int64_t bytes = 0;
  for (size_t count = 1; count <= most; ++count) {
    bytes += static_cast<int64_t>(listed.fragments[count - 1].sizeBytes);
    const int64_t off = clip.duration ? (*clip.duration - endOf(listed, count)).count()
                                      : static_cast<int64_t>(clip.bytes) - bytes;
    if (std::abs(off) <= least) {
      least = std::abs(off);
      nearest = count;
    }
  }
  return nearest;
}

bool isFarShorter(const ListedRange& listed, const ReceivedClip& clip) {
  milliseconds sum{0};
  for (const kvs::Fragment& fragment : listed.fragments) {
    sum += fragment.length;
  }
  // It is not said whether silence between fragments is kept.
  const milliseconds expected = std::min(sum, endOf(listed, listed.fragments.size()));
  return clip.duration && *clip.duration + kSlack < expected * 4 / 5;
}

std::string endsEarly(const ListedRange& listed, size_t count, const Verdict& verdict) {
  std::string text = "the clip ends with the fragment of " + formatIso8601(*verdict.endsAt);
  text += count == kMaxClipFragments ? ", the 200th" : "";
  if (verdict.restAt) {
    text += "; the rest starts at " + formatIso8601(*verdict.restAt);
  }
  if (listed.all) {
    text += ", " + std::to_string(listed.fragments.size() - count) + " fragments";
  }
  return text;
}

}  // namespace

std::vector<kvs::Fragment> oldestIngestion(const ListedRange& listed, uint64_t* leftOut) {
  std::vector<kvs::Fragment> byNumber = listed.fragments;
  std::sort(byNumber.begin(), byNumber.end(), isIngestedEarlier);
  const bool isServers = listed.type == kvs::SelectorType::kServerTimestamp;
  std::vector<kvs::Fragment> oldest;
  for (kvs::Fragment& fragment : byNumber) {
    const UnixTime time = fragment.producerTimestamp;
    if (isServers || oldest.empty() || time > oldest.back().producerTimestamp) {
      oldest.push_back(std::move(fragment));
    } else if (time < oldest.back().producerTimestamp) {
      break;
    }
  }
  *leftOut = listed.fragments.size() - oldest.size();
  return oldest;
}

std::string tooLongForClip(const ListedRange& listed) {
  if (listed.fragments.size() > kMaxClipFragments) {
    return "the range has more than 200 fragments";
  }
  return bytesOf(listed.fragments) > kMaxClipBytes + kMaxClipBytes / 10
             ? "the range has more than 100 MB"
             : "";
}

Verdict judge(const ListedRange& range, const ReceivedClip& clip) {
  Verdict verdict;
  if (range.fragments.empty()) {
    return verdict;
  }
  ListedRange listed{range.type, {}, range.all};
  listed.fragments = oldestIngestion(range, &verdict.leftOut);
  const size_t all = listed.fragments.size();
  const bool mayBeCut = all > kMaxClipFragments || bytesOf(listed.fragments) > kSafeClipBytes ||
                        isFarShorter(listed, clip);
  const size_t count = mayBeCut ? fragmentsIn(listed, clip) : all;
  if (count < all) {
    verdict.endsAt = timeOf(listed.fragments[count - 1], listed.type);
    verdict.restAt = timeOf(listed.fragments[count], listed.type);
    verdict.text = endsEarly(listed, count, verdict);
  } else if (verdict.leftOut > 0) {
    verdict.text = std::to_string(verdict.leftOut) +
                   " fragments are not in the clip: the service takes only the oldest of several "
                   "recordings of the same time";
  }
  const bool isAll = count == all && verdict.leftOut == 0 && listed.all;
  verdict.completeness = isAll ? Completeness::kComplete : Completeness::kIncomplete;
  return verdict;
}

}  // namespace kvsarchive::clip
