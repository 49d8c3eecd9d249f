// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/clip_verdict.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "base/iso8601.h"
#include "clip/clip_limits.h"

namespace kvsarchive::clip {
namespace {

using std::chrono::milliseconds;

/// Sizes and lengths that are listed are not exact. A clip lacks fragments if it lacks a fifth of
/// what is listed, and two seconds; it is doubted if it lacks a fiftieth, and a second.
constexpr milliseconds kFarSlack{2000};
constexpr milliseconds kSlack{1000};

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
/// the clip's. It is not said whether silence between fragments is kept.
size_t fragmentsIn(const ListedRange& listed, const ReceivedClip& clip) {
  const size_t most = std::min(listed.fragments.size(), kMaxClipFragments);
  size_t nearest = most;
  int64_t least = INT64_MAX;
  int64_t bytes = 0;
  milliseconds sum{0};
  for (size_t count = 1; count <= most; ++count) {
    bytes += static_cast<int64_t>(listed.fragments[count - 1].sizeBytes);
    sum += listed.fragments[count - 1].length;
    const int64_t off = clip.duration
                            ? std::min(std::abs((*clip.duration - endOf(listed, count)).count()),
                                       std::abs((*clip.duration - sum).count()))
                            : std::abs(static_cast<int64_t>(clip.bytes) - bytes);
    if (off <= least) {
      least = off;
      nearest = count;
    }
  }
  return nearest;
}

/// How long the first fragments play at least: overlaps, and the silence between, left out.
milliseconds lengthOf(const ListedRange& listed, size_t count) {
  milliseconds sum{0};
  for (size_t i = 0; i < count; ++i) {
    sum += listed.fragments[i].length;
  }
  return std::min(sum, endOf(listed, count));
}

bool isFarShorter(const ListedRange& listed, size_t count, const ReceivedClip& clip) {
  if (clip.duration) {
    return *clip.duration + kFarSlack < lengthOf(listed, count) * 4 / 5;
  }
  const auto end = listed.fragments.begin() + static_cast<std::ptrdiff_t>(count);
  return clip.bytes < bytesOf({listed.fragments.begin(), end}) / 5 * 4;
}

/// The first fragment that may be of a later recording of the same time; none if there is none.
const kvs::Fragment* findOverlap(const ListedRange& listed, size_t count) {
  for (size_t i = 1; i < count && listed.type == kvs::SelectorType::kProducerTimestamp; ++i) {
    if (overlap(listed.fragments[i - 1], listed.fragments[i])) {
      return &listed.fragments[i];
    }
  }
  return nullptr;
}

/// Why it can't be told whether a clip has the fragments that it should; empty if it can.
std::string doubtOf(const ListedRange& listed, size_t count, const ReceivedClip& clip) {
  const milliseconds length = lengthOf(listed, count);
  if (clip.duration && *clip.duration + kSlack < length * 49 / 50) {
    return "media may be missing: the clip plays for " + std::to_string(clip.duration->count()) +
           " ms, the fragments listed for " + std::to_string(length.count()) + " ms";
  }
  if (const kvs::Fragment* second = findOverlap(listed, count)) {
    return "media may be missing: recordings overlap at " +
           formatIso8601(second->producerTimestamp) +
           ", and the service takes only the oldest of several of the same time";
  }
  if (!clip.duration && !clip.hasLength) {
    return "media may be missing: neither the service nor the clip says how long it is";
  }
  return {};
}

/// How many of the listed fragments the clip has.
size_t countIn(const ListedRange& listed, const ReceivedClip& clip) {
  const size_t all = listed.fragments.size();
  const size_t most = std::min(all, kMaxClipFragments);
  const auto end = listed.fragments.begin() + static_cast<std::ptrdiff_t>(most);
  const uint64_t bytes = bytesOf({listed.fragments.begin(), end});
  const bool isFull = !clip.duration && bytes <= kMaxClipBytes && clip.bytes >= bytes / 20 * 19;
  const bool isSmall = bytes <= kSafeClipBytes || isFull;
  return isSmall && !isFarShorter(listed, most, clip) ? most : fragmentsIn(listed, clip);
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

bool overlap(const kvs::Fragment& first, const kvs::Fragment& second) {
  return second.producerTimestamp < first.producerTimestamp + first.length * 3 / 4;
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
  const size_t count = countIn(listed, clip);
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
  if (isAll) {
    verdict.text = doubtOf(listed, count, clip);
    verdict.completeness = verdict.text.empty() ? Completeness::kComplete : Completeness::kUnknown;
  }
  return verdict;
}

}  // namespace kvsarchive::clip
