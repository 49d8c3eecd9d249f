// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "kvs/fragment.h"

namespace kvsarchive::archive {

/// Cuts the sorted list into batches, each fetched by one request.
class FetchPlan {
 public:
  /// A request may name 1000 fragments, but a stream has 500 points a second and each costs one:
  /// see StreamPace.
  static constexpr size_t kMaxFragments = 50;

  /// What the media of a fragment is taken for.
  static uint64_t bytesOf(const kvs::Fragment& fragment);

  void add(std::vector<kvs::Fragment> fragments);
  bool empty() const { return fragments_.empty(); }
  /// The next fragment's.
  uint64_t nextBytes() const { return bytesOf(fragments_.front()); }
  size_t size() const { return fragments_.size(); }
  uint64_t bytes() const { return bytes_; }
  /// The next fragments in order, of `maxBytes` together, one at least; needs !empty().
  std::vector<kvs::Fragment> takeBatch(uint64_t maxBytes, size_t maxFragments = kMaxFragments);
  void clear();

 private:
  std::deque<kvs::Fragment> fragments_;
  uint64_t bytes_ = 0;
};

}  // namespace kvsarchive::archive
