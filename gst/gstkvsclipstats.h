// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include "clip/clip_part.h"
#include "clip/clip_stats.h"

/// The structure `kvs-stats`, value of the property `stats` of kvsclipsrc.
GstStructure* gst_kvs_clip_stats_structure_new(const kvsarchive::clip::ClipStats& stats);

/// The structure `kvs-clip-boundary`, of the element message of that name: the file that begins.
GstStructure* gst_kvs_clip_boundary_structure_new(guint index,
                                                  const kvsarchive::clip::ClipWindow& window);
