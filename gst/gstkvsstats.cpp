// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsstats.h"

using kvsarchive::archive::Ledger;

GstStructure* gst_kvs_stats_structure_new(const Ledger& ledger) {
  return gst_structure_new("kvs-stats",                                                  //
                           "fragments-listed", G_TYPE_UINT64, ledger.listed,             //
                           "fragments-delivered", G_TYPE_UINT64, ledger.delivered,       //
                           "fragments-truncated", G_TYPE_UINT64, ledger.truncated,       //
                           "fragments-skipped", G_TYPE_UINT64, ledger.skipped(),         //
                           "fragments-missing", G_TYPE_UINT64, ledger.missing,           //
                           "fragments-unreadable", G_TYPE_UINT64, ledger.unreadable,     //
                           "fragments-track-change", G_TYPE_UINT64, ledger.trackChange,  //
                           "fragments-superseded", G_TYPE_UINT64, ledger.superseded,     //
                           "frames-delivered", G_TYPE_UINT64, ledger.frames,             //
                           "frames-dropped", G_TYPE_UINT64, ledger.droppedFrames,        //
                           "frames-trimmed", G_TYPE_UINT64, ledger.trimmedFrames,        //
                           "bytes-received", G_TYPE_UINT64, ledger.receivedBytes, nullptr);
}

std::string gst_kvs_stats_summary(const Ledger& ledger, double seconds) {
  const double megabytes = static_cast<double>(ledger.receivedBytes) / 1e6;
  g_autofree gchar* text =
      g_strdup_printf("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " fragments (%" G_GUINT64_FORMAT
                      " skipped, %" G_GUINT64_FORMAT " superseded), %" G_GUINT64_FORMAT
                      " frames, %.1f MB in %.2f s, %.1f MB/s",
                      ledger.delivered, ledger.listed, ledger.skipped(), ledger.superseded,
                      ledger.frames, megabytes, seconds, seconds > 0 ? megabytes / seconds : 0.0);
  return text;
}
