// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstbasesrc.h>

#include "archive/archive_reader.h"

/// Goes on where create() has a block to return: pushes `*buffer` and the blocks behind it that are
/// there already, as a list, but for the last one, which becomes `*buffer`. One by one each costs
/// basesrc's locks, the pad's, and a queue's.
/// Only what basesrc has to precede is left to it: the segment has to be out.
/// If that fails, `*buffer` is NULL, and the pad's flow is returned.
GstFlowReturn gst_kvs_push_ahead(GstBaseSrc* src, kvsarchive::archive::ArchiveReader& reader,
                                 GstBuffer** buffer);
