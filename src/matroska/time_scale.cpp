// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/time_scale.h"

namespace kvsarchive::matroska {

std::optional<std::chrono::milliseconds> toMillisRounded(int64_t ticks, uint64_t timecodeScale) {
  int64_t nanos = 0;
  int64_t rounded = 0;
  const int64_t half = ticks < 0 ? -500'000 : 500'000;
  if (timecodeScale > INT64_MAX ||
      __builtin_mul_overflow(ticks, static_cast<int64_t>(timecodeScale), &nanos) ||
      __builtin_add_overflow(nanos, half, &rounded)) {
    return std::nullopt;
  }
  return std::chrono::milliseconds(rounded / static_cast<int64_t>(kNanosPerMilli));
}

}  // namespace kvsarchive::matroska
