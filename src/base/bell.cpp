// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/bell.h"

namespace kvsarchive {

void Bell::ring() {
  {
    const std::lock_guard lock(mutex_);
    count_.fetch_add(1, std::memory_order_release);
  }
  rang_.notify_all();
}

bool Bell::wait(uint64_t count, std::optional<TimePoint> until, const CancelToken& cancel) {
  const auto isOver = [&] { return this->count() != count || cancel.isCancelled(); };
  if (isOver()) {
    return !cancel.isCancelled();
  }
  // Declared before the lock, so that it goes after it: its mutex is taken before ours in cancel().
  const CancelToken::Hook hook(cancel, [this] {
    const std::lock_guard lock(mutex_);
    rang_.notify_all();
  });
  std::unique_lock lock(mutex_);
  if (until) {
    rang_.wait_until(lock, *until, isOver);
  } else {
    rang_.wait(lock, isOver);
  }
  return !cancel.isCancelled();
}

}  // namespace kvsarchive
