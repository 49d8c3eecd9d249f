// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <mutex>

namespace kvsarchive {

/// Latched cancellation: after cancel(), every blocking call that is given the token returns
/// ErrorKind::kCancelled, now and later, until reset(). All members may be called on any thread.
class CancelToken {
 public:
  /// Keeps a wake hook registered for as long as it lives.
  class Hook {
   public:
    Hook(const CancelToken& token, std::function<void()> wake);
    ~Hook();
    Hook(const Hook&) = delete;
    Hook& operator=(const Hook&) = delete;

   private:
    const CancelToken& token_;
    std::list<std::function<void()>>::iterator position_;
  };

  CancelToken() = default;
  CancelToken(const CancelToken&) = delete;
  CancelToken& operator=(const CancelToken&) = delete;

  void cancel();
  void reset();
  bool isCancelled() const { return cancelled_.load(std::memory_order_acquire); }

  /// Sleeps for `duration`. Returns false if cancelled before the time was over.
  bool sleepFor(std::chrono::nanoseconds duration) const;

 private:
  std::atomic<bool> cancelled_{false};
  /// Held while hooks run, so that a Hook that is gone is never called. A hook may therefore only
  /// lock leaf mutexes and must not touch this token's Hooks.
  mutable std::mutex mutex_;
  mutable std::list<std::function<void()>> hooks_;
};

}  // namespace kvsarchive
