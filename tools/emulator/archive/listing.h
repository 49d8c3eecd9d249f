// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "archive/stream.h"

namespace kvsemulator {

/// Which fragments a listing is about: those that start in the range, both ends
/// included.
struct ListingQuery {
  bool byServerTime = false;
  int64_t startMs = 0;
  int64_t endMs = 0;

  /// Whether the fragment is in the range.
  bool matches(const FragmentInfo& info) const {
    const int64_t start = byServerTime ? info.serverMs : info.producerMs;
    return start >= startMs && start <= endMs;
  }
};

struct ListingPage {
  std::vector<Stream::Entry> entries;
  std::optional<uint64_t> next;  ///< where the next page begins; none = this was the last
};

/// One page of at most `maxResults` fragments, beginning at position `from` (0
/// for the first). Positions are keys of the fragments and no counts, so that
/// pages neither repeat nor miss fragments while others appear or expire.
ListingPage listPage(const Stream& stream, const ListingQuery& query, uint64_t from,
                     int64_t maxResults, int64_t nowMs);

}  // namespace kvsemulator
