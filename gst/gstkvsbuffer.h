// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstbasesrc.h>
#include <gst/gst.h>

#include "archive/reader_output.h"
#include "base/bytes.h"
#include "base/unix_time.h"

/// Nanoseconds since 1970, 0 for times before.
guint64 gst_kvs_nanoseconds(kvsarchive::UnixTime time);

/// A buffer around bytes, without a copy.
GstBuffer* gst_kvs_buffer_new(kvsarchive::Bytes bytes);

/// A buffer with one block and what goes before it, with the block's wall clock as
/// GstReferenceTimestampMeta of caps timestamp/x-unix.
GstBuffer* gst_kvs_buffer_new_block(kvsarchive::archive::MediaBlock&& block);

/// Makes sources of that class ask nobody for memory, since their buffers have their own. The query
/// waits for what is in queues before it, and so for ever where another branch of a tee has its
/// sink prerolled.
void gst_kvs_base_src_class_ask_for_no_memory(GstBaseSrcClass* klass);
