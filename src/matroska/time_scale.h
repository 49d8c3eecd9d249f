// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace kvsarchive::matroska {

/// TimecodeScale of the document we write: one unit is a millisecond.
constexpr uint64_t kNanosPerMilli = 1'000'000;

/// `ticks` units of `timecodeScale` ns, rounded to the nearest millisecond, halves away from zero.
/// No value when the time is beyond what 64 bits of nanoseconds hold (292 years).
std::optional<std::chrono::milliseconds> toMillisRounded(int64_t ticks, uint64_t timecodeScale);

}  // namespace kvsarchive::matroska
