// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace kvsarchive::clip {

// What the service puts into one clip; it ends without a word behind either.
// Source: https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/limits.html
constexpr size_t kMaxClipFragments = 200;
constexpr uint64_t kMaxClipBytes = 100'000'000;
/// Between the ends of the range.
constexpr std::chrono::hours kMaxClipSpan{24};

/// It is not said what is counted as bytes, nor what listed sizes are. A clip whose fragments have
/// more than this may have been cut; clips that are planned have less.
constexpr uint64_t kSafeClipBytes = 90'000'000;

}  // namespace kvsarchive::clip
