// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include "archive/reader_output.h"

/// The structure `kvs-fragment`, content of the event and of the element message. Fields:
/// fragment-number string; producer-timestamp, server-timestamp, origin-timestamp uint64 ns since
/// 1970; pts, duration uint64 ns; size uint64 bytes; time-shift int64 ns; discont boolean;
/// tags GstStructure of strings.
///
/// GLib keeps names of fields for good. So that producers with ever new ones don't fill the memory,
/// new names of tags may take 1 MiB in a process; `left_out` becomes the number of tags beyond
/// that.
GstStructure* gst_kvs_fragment_structure_new(const kvsarchive::archive::FragmentStart& start,
                                             guint* left_out);
