// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

namespace kvsarchive {

/// Deleter that calls a C library's free function.
template <auto Fn>
struct FnDeleter {
  template <typename T>
  void operator()(T* pointer) const {
    Fn(pointer);
  }
};

/// Owner of an object of a C library, as small as the pointer: CPtr<CURL, curl_easy_cleanup>.
template <typename T, auto Fn>
using CPtr = std::unique_ptr<T, FnDeleter<Fn>>;

}  // namespace kvsarchive
