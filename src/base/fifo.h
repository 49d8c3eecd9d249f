// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace kvsarchive {

/// First in, first out. Unlike std::deque it allocates nothing once it was as long as it gets, which
/// counts where something large goes through for every frame. One thread.
template <typename T>
class Fifo {
 public:
  bool empty() const { return taken_ == items_.size(); }

  template <typename Item>
  void push(Item&& item) {
    items_.emplace_back(std::forward<Item>(item));
  }
  void pushFront(T item) {
    items_.insert(items_.begin() + static_cast<std::ptrdiff_t>(taken_), std::move(item));
  }

  /// Needs !empty().
  T pop() {
    T item = std::move(items_[taken_++]);
    if (empty()) {
      items_.clear();
      taken_ = 0;
    }
    return item;
  }

 private:
  std::vector<T> items_;
  size_t taken_ = 0;
};

}  // namespace kvsarchive
