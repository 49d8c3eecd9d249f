// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>

#include "archive/run_stats.h"
#include "kvs/retry_counts.h"

/// The structure `kvs-stats`, value of the property `stats`.
GstStructure* gst_kvs_stats_structure_new(const kvsarchive::archive::RunStats& stats);

/// The fields about requests that were sent again, which all elements' `stats` have.
void gst_kvs_stats_set_retries(GstStructure* structure,
                               const kvsarchive::kvs::RetryCounts& retries);

/// The structure `kvs-progress`, of the element message of that name.
GstStructure* gst_kvs_progress_structure_new(const kvsarchive::archive::RunStats& stats);

/// One line for the log: fragments, frames, megabytes, and how fast in `seconds`.
std::string gst_kvs_stats_summary(const kvsarchive::archive::Ledger& ledger, double seconds);
