// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include "archive/reader_output.h"
#include "base/bytes.h"

/// A buffer around bytes, without a copy.
GstBuffer* gst_kvs_buffer_new(kvsarchive::Bytes bytes);

/// A buffer with one block and what goes before it, with the block's wall clock as
/// GstReferenceTimestampMeta of caps timestamp/x-unix.
GstBuffer* gst_kvs_buffer_new_block(kvsarchive::archive::MediaBlock&& block);
