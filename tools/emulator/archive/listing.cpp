// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/listing.h"

#include <algorithm>
#include <utility>

#include "base/random.h"

namespace kvsemulator {
namespace {

constexpr int64_t kShortPageDivisor = 3;

/// Place of a fragment in the listing: by ingestion or anywhere.
uint64_t positionOf(const ListingOptions& options, size_t index) {
  const auto place = static_cast<uint64_t>(index) + 1;
  return options.shuffled ? mix(place ^ mix(options.seed)) : place;
}

int64_t pageSize(const ListingOptions& options, uint64_t from, int64_t maxResults) {
  const bool isShort =
      static_cast<int>(mix(from ^ mix(options.seed + 1)) % 100) < options.shortPagesPercent;
  return isShort ? std::max<int64_t>(1, maxResults - maxResults / kShortPageDivisor) : maxResults;
}

}  // namespace

ListingPage listPage(const Stream& stream, const ListingQuery& query, uint64_t from,
                     int64_t maxResults, int64_t nowMs) {
  const ListingOptions& options = stream.options().listing;
  std::vector<std::pair<uint64_t, size_t>> found;
  for (size_t i = 0; i < stream.entries().size(); ++i) {
    const uint64_t position = positionOf(options, i);
    const Stream::Entry& entry = stream.entries()[i];
    if (position >= from && query.matches(entry.info()) && stream.holds(entry, nowMs)) {
      found.emplace_back(position, i);
    }
  }
  const auto size = static_cast<size_t>(pageSize(options, from, maxResults));
  const size_t count = std::min(size, found.size());
  // One more than the page, to know where the next begins.
  const size_t sorted = std::min(count + 1, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(sorted),
                    found.end());
  ListingPage page;
  for (size_t i = 0; i < count; ++i) {
    page.entries.push_back(stream.entries()[found[i].second]);
  }
  if (found.size() > count) {
    page.next = found[count].first;
  }
  return page;
}

}  // namespace kvsemulator
