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
  /// A request may name 1000 fragments, but a stream has 500 points a second and each costs one.
  static constexpr size_t kMaxFragments = 100;
  /// Bounds what is lost when a body breaks off, and what has to be held if its chunks come in
  /// another order. One larger fragment makes a batch of its own.
  static constexpr uint64_t kMaxBytes = uint64_t{16} << 20;

  void add(std::vector<kvs::Fragment> fragments);
  bool empty() const { return fragments_.empty(); }
  /// The next fragments in order; needs !empty().
  std::vector<kvs::Fragment> takeBatch();

 private:
  std::deque<kvs::Fragment> fragments_;
};

}  // namespace kvsarchive::archive
