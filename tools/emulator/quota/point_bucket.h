// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace kvsemulator {

/// Points that are spent by requests and come back evenly. It begins full and
/// holds those of one second.
class PointBucket {
 public:
  /// False if there are not enough; then none are spent. A limit of 0 refuses
  /// nothing. `nowUs`: of a clock that never goes back.
  bool spend(int64_t cost, int64_t perSecond, int64_t nowUs);
  /// Takes back what was just spent.
  void giveBack(int64_t cost) { missing_ -= static_cast<double>(cost); }

 private:
  int64_t lastUs_ = 0;
  double missing_ = 0;  ///< to a full bucket
};

}  // namespace kvsemulator
