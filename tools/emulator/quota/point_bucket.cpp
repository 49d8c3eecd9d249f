// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quota/point_bucket.h"

#include <algorithm>

namespace kvsemulator {

bool PointBucket::spend(int64_t cost, int64_t perSecond, int64_t nowUs) {
  if (perSecond == 0) {
    return true;
  }
  const auto capacity = static_cast<double>(perSecond);
  missing_ = std::max(0.0, missing_ - static_cast<double>(nowUs - lastUs_) / 1e6 * capacity);
  lastUs_ = nowUs;
  const double left = capacity - missing_;
  if (static_cast<double>(cost) > left) {
    return false;
  }
  missing_ += static_cast<double>(cost);
  return true;
}

}  // namespace kvsemulator
