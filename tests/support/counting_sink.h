// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <atomic>

namespace kvsarchive::test {

/// How many decoded buffers came out of sinks.
struct DecodedCounts {
  std::atomic<int> video{0};
  std::atomic<int> audio{0};
};

/// Counts what comes to a fakesink with signal-handoffs, as long as it lives.
void countHandoffs(GstElement* sink, DecodedCounts* counts);

/// A fakesink that counts.
GstElement* makeCountingSink(DecodedCounts* counts);

}  // namespace kvsarchive::test
