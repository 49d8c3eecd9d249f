// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

namespace kvsarchive::test {

/// Measures what operator new hands out while it lives, in the programs that link heap_meter.cpp.
class HeapMeter {
 public:
  HeapMeter();
  /// Most bytes held at once, above what was held when this began.
  size_t peak() const;
  /// Bytes held now, above the same.
  size_t held() const;

 private:
  size_t before_;
};

}  // namespace kvsarchive::test
