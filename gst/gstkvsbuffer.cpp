// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsbuffer.h"

#include <algorithm>

using kvsarchive::Bytes;
using kvsarchive::Slab;
using kvsarchive::UnixTime;

static GstMemory* wrap(const Bytes& bytes) {
  auto* slab = new std::shared_ptr<Slab>(bytes.slab());
  return gst_memory_new_wrapped(
      GST_MEMORY_FLAG_READONLY, (*slab)->data(), (*slab)->size(), bytes.offset(), bytes.size(),
      slab, [](gpointer data) { delete static_cast<std::shared_ptr<Slab>*>(data); });
}

guint64 gst_kvs_nanoseconds(UnixTime time) {
  return static_cast<guint64>(std::max<gint64>(kvsarchive::toMillis(time), 0)) * GST_MSECOND;
}

GstBuffer* gst_kvs_buffer_new(const Bytes& bytes) {
  GstBuffer* buffer = gst_buffer_new();
  gst_buffer_append_memory(buffer, wrap(bytes));
  return buffer;
}

GstBuffer* gst_kvs_buffer_new_block(const kvsarchive::archive::MediaBlock& block) {
  static GstStaticCaps unixTime = GST_STATIC_CAPS("timestamp/x-unix");
  GstBuffer* buffer = gst_buffer_new();
  if (!block.prefix.empty()) {
    gst_buffer_append_memory(buffer, wrap(block.prefix));
  }
  gst_buffer_append_memory(buffer, wrap(block.element));
  GstCaps* caps = gst_static_caps_get(&unixTime);
  gst_buffer_add_reference_timestamp_meta(buffer, caps, gst_kvs_nanoseconds(block.time),
                                          GST_CLOCK_TIME_NONE);
  gst_caps_unref(caps);
  return buffer;
}
