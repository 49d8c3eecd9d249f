// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsbuffer.h"

#include <utility>

#include "gstkvstime.h"

using kvsarchive::Bytes;
using kvsarchive::Slab;

static GstMemory* wrap(Bytes bytes) {
  const gsize offset = bytes.offset();
  const gsize size = bytes.size();
  auto* slab = new std::shared_ptr<Slab>(bytes.release());
  return gst_memory_new_wrapped(
      GST_MEMORY_FLAG_READONLY, (*slab)->data(), (*slab)->size(), offset, size, slab,
      [](gpointer data) { delete static_cast<std::shared_ptr<Slab>*>(data); });
}

/// Kept for good, as static caps are, without their lock.
static GstCaps* unix_time_caps() {
  GstCaps* caps = gst_caps_new_empty_simple("timestamp/x-unix");
  GST_MINI_OBJECT_FLAG_SET(caps, GST_MINI_OBJECT_FLAG_MAY_BE_LEAKED);
  return caps;
}

GstBuffer* gst_kvs_buffer_new(Bytes bytes) {
  GstBuffer* buffer = gst_buffer_new();
  gst_buffer_append_memory(buffer, wrap(std::move(bytes)));
  return buffer;
}

GstBuffer* gst_kvs_buffer_new_block(kvsarchive::archive::MediaBlock&& block) {
  static GstCaps* const unixTime = unix_time_caps();
  GstBuffer* buffer = gst_buffer_new();
  if (!block.prefix.empty()) {
    gst_buffer_append_memory(buffer, wrap(std::move(block.prefix)));
  }
  gst_buffer_append_memory(buffer, wrap(std::move(block.element)));
  for (Bytes& piece : block.rest) {
    gst_buffer_append_memory(buffer, wrap(std::move(piece)));
  }
  gst_buffer_add_reference_timestamp_meta(buffer, unixTime, gst_kvs_nanoseconds(block.time),
                                          GST_CLOCK_TIME_NONE);
  return buffer;
}
