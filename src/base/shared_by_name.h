// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/guarded.h"

namespace kvsarchive {

/// Objects that all who name them alike share, for as long as one of them is there. Any thread.
template <typename T>
class SharedByName {
 public:
  /// What is there under that name, else `make()`, which returns a std::shared_ptr<T>.
  template <typename Make>
  std::shared_ptr<T> get(const std::string& name, const Make& make) {
    auto known = known_.lock();
    std::shared_ptr<T> object = (*known)[name].lock();
    if (!object) {
      for (auto other = known->begin(); other != known->end();) {
        other = other->second.expired() ? known->erase(other) : std::next(other);
      }
      object = make();
      (*known)[name] = object;
    }
    return object;
  }

 private:
  Guarded<std::map<std::string, std::weak_ptr<T>>> known_;
};

}  // namespace kvsarchive
