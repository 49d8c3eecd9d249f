// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/fetch_plan.h"

#include <algorithm>
#include <iterator>

namespace kvsarchive::archive {

void FetchPlan::add(std::vector<kvs::Fragment> fragments) {
  std::move(fragments.begin(), fragments.end(), std::back_inserter(fragments_));
}

std::vector<kvs::Fragment> FetchPlan::takeBatch() {
  std::vector<kvs::Fragment> batch;
  uint64_t bytes = 0;
  while (!fragments_.empty() && batch.size() < kMaxFragments) {
    const uint64_t size = fragments_.front().sizeBytes;
    if (!batch.empty() && (size > kMaxBytes || bytes > kMaxBytes - size)) {
      break;
    }
    bytes += std::min(size, kMaxBytes);
    batch.push_back(std::move(fragments_.front()));
    fragments_.pop_front();
  }
  return batch;
}

}  // namespace kvsarchive::archive
