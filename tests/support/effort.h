// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace kvsarchive::test {

/// Rounds of a test with random input: fewer in a build with sanitizers, where each takes many
/// times as long.
constexpr int effort(int rounds) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return rounds / 16;
#else
  return rounds;
#endif
}

}  // namespace kvsarchive::test
