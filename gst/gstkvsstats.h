// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>

#include "archive/ledger.h"

/// The structure `kvs-stats`, value of the property `stats`; all fields are uint64.
GstStructure* gst_kvs_stats_structure_new(const kvsarchive::archive::Ledger& ledger);

/// One line for the log: fragments, frames, megabytes, and how fast in `seconds`.
std::string gst_kvs_stats_summary(const kvsarchive::archive::Ledger& ledger, double seconds);
