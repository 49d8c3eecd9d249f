// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <mutex>
#include <utility>

namespace kvsarchive {

/// Data and the mutex that guards it; the data is reachable only through lock().
/// Never call GStreamer, curl or a callback while a lock is held.
template <typename T>
class Guarded {
 public:
  class Lock {
   public:
    T* operator->() { return data_; }
    T& operator*() { return *data_; }

   private:
    friend class Guarded;
    Lock(std::mutex& mutex, T& data) : lock_(mutex), data_(&data) {}

    std::unique_lock<std::mutex> lock_;
    T* data_;
  };

  Guarded() = default;
  explicit Guarded(T data) : data_(std::move(data)) {}

  Lock lock() { return Lock(mutex_, data_); }

 private:
  std::mutex mutex_;
  T data_;
};

}  // namespace kvsarchive
