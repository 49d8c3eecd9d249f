// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <thread>

namespace kvsarchive::test {

/// Waits until it is so, for 10 s if nothing else is said. False if it does not come to that.
template <typename IsSo>
bool waitFor(const IsSo& isSo, std::chrono::milliseconds atMost = std::chrono::seconds(10)) {
  const auto deadline = std::chrono::steady_clock::now() + atMost;
  while (!isSo()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace kvsarchive::test
