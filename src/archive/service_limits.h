// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace kvsarchive::archive {

// What a fragment can be at the most.
// Source: https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/limits.html
constexpr std::chrono::seconds kLongestFragment{20};
constexpr uint64_t kMaxFragmentBytes = uint64_t{64} << 20;  ///< 50 MB, and what the service adds

/// How much longer than listed a fragment can be.
constexpr std::chrono::seconds kLengthSlack{1};

}  // namespace kvsarchive::archive
