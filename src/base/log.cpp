// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/log.h"

#include <atomic>

namespace kvsarchive::log {
namespace {

std::atomic<Sink> currentSink{nullptr};
std::atomic<Filter> currentFilter{nullptr};

}  // namespace

void setSink(Sink sink, Filter filter) {
  currentFilter.store(filter);
  currentSink.store(sink);
}

bool enabled(Level level, Area area) {
  const Filter filter = currentFilter.load(std::memory_order_acquire);
  return filter != nullptr && filter(level, area);
}

void write(Level level, Area area, const std::string& message) {
  const Sink sink = currentSink.load(std::memory_order_acquire);
  if (sink != nullptr && enabled(level, area)) {
    sink(level, area, message.c_str());
  }
}

}  // namespace kvsarchive::log
