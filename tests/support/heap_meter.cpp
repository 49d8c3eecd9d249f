// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/heap_meter.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<size_t> heldBytes{0};
std::atomic<size_t> highest{0};

}  // namespace

void* operator new(size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) {
    std::abort();
  }
  const size_t now = heldBytes.fetch_add(malloc_usable_size(memory)) + malloc_usable_size(memory);
  size_t before = highest.load();
  while (before < now && !highest.compare_exchange_weak(before, now)) {
  }
  return memory;
}

void* operator new[](size_t size) { return operator new(size); }
void* operator new(size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return operator new(size);
}
void* operator new[](size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return operator new(size);
}

void operator delete(void* memory) noexcept {
  heldBytes -= malloc_usable_size(memory);
  std::free(memory);
}

void operator delete[](void* memory) noexcept { operator delete(memory); }
void operator delete(void* memory, size_t /*size*/) noexcept { operator delete(memory); }
void operator delete[](void* memory, size_t /*size*/) noexcept { operator delete(memory); }

namespace kvsarchive::test {

HeapMeter::HeapMeter() : before_(heldBytes.load()) { highest.store(before_); }

size_t HeapMeter::peak() const { return highest.load() - before_; }

size_t HeapMeter::held() const { return heldBytes.load() - before_; }

}  // namespace kvsarchive::test
