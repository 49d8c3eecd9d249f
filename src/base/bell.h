// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

#include "base/cancel_token.h"

namespace kvsarchive {

/// Lets a thread wait for any of many things: who has news rings. To miss none, read count() first,
/// then look at the things, and only then wait(). Any thread.
class Bell {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  Bell() = default;
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  void ring();

  /// How often it rang.
  uint64_t count() const { return count_.load(std::memory_order_acquire); }

  /// Waits until it rang after `count` was read, or until that time. False if cancelled.
  bool wait(uint64_t count, std::optional<TimePoint> until, const CancelToken& cancel);

 private:
  std::atomic<uint64_t> count_{0};
  std::mutex mutex_;
  std::condition_variable rang_;
};

/// The first of two times that may not be set.
inline std::optional<Bell::TimePoint> earlier(std::optional<Bell::TimePoint> one,
                                              std::optional<Bell::TimePoint> other) {
  return one && (!other || *one < *other) ? one : other;
}

}  // namespace kvsarchive
