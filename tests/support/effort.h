// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace kvsarchive::test {

/// Whether this is a build with sanitizers, where all takes many times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// Rounds of a test with random input: fewer with sanitizers.
constexpr int effort(int rounds) { return kSanitized ? rounds / 16 : rounds; }

}  // namespace kvsarchive::test
