// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/fetch_plan.h"

#include <algorithm>
#include <iterator>

#include "archive/service_limits.h"

namespace kvsarchive::archive {

uint64_t FetchPlan::bytesOf(const kvs::Fragment& fragment) {
  constexpr uint64_t kUsual = uint64_t{1} << 20;
  return fragment.sizeBytes == 0 ? kUsual : std::min(fragment.sizeBytes, kMaxFragmentBytes);
}

void FetchPlan::add(std::vector<kvs::Fragment> fragments) {
  for (kvs::Fragment& fragment : fragments) {
    bytes_ += bytesOf(fragment);
    fragments_.push_back(std::move(fragment));
  }
}

void FetchPlan::clear() {
  fragments_.clear();
  bytes_ = 0;
}

std::vector<kvs::Fragment> FetchPlan::takeBatch(uint64_t maxBytes, size_t maxFragments) {
  std::vector<kvs::Fragment> batch;
  uint64_t bytes = 0;
  while (!fragments_.empty() && batch.size() < maxFragments) {
    bytes += nextBytes();
    if (!batch.empty() && bytes > maxBytes) {
      break;
    }
    bytes_ -= nextBytes();
    batch.push_back(std::move(fragments_.front()));
    fragments_.pop_front();
  }
  return batch;
}

}  // namespace kvsarchive::archive
