// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstbasesrc.h>

/// Makes sources of that class ask nobody for memory, since their buffers have their own. The query
/// waits for what is in queues before it, and so for ever where another branch of a tee has its
/// sink prerolled.
void gst_kvs_base_src_class_ask_for_no_memory(GstBaseSrcClass* klass);
