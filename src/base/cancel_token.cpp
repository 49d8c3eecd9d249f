// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/cancel_token.h"

#include <condition_variable>

namespace kvsarchive {

CancelToken::Hook::Hook(const CancelToken& token, std::function<void()> wake) : token_(token) {
  std::lock_guard lock(token_.mutex_);
  position_ = token_.hooks_.insert(token_.hooks_.end(), std::move(wake));
}

CancelToken::Hook::~Hook() {
  std::lock_guard lock(token_.mutex_);
  token_.hooks_.erase(position_);
}

void CancelToken::cancel() {
  std::lock_guard lock(mutex_);
  cancelled_.store(true, std::memory_order_release);
  for (const auto& wake : hooks_) {
    wake();
  }
}

void CancelToken::reset() {
  std::lock_guard lock(mutex_);
  cancelled_.store(false, std::memory_order_release);
}

bool CancelToken::sleepFor(std::chrono::nanoseconds duration) const {
  std::mutex mutex;
  std::condition_variable woken;
  Hook hook(*this, [&] {
    std::lock_guard lock(mutex);
    woken.notify_all();
  });
  std::unique_lock lock(mutex);
  return !woken.wait_for(lock, duration, [&] { return isCancelled(); });
}

}  // namespace kvsarchive
