// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsstats.h"

#include "gstkvstime.h"

using kvsarchive::archive::ConnectionStats;
using kvsarchive::archive::Ledger;
using kvsarchive::archive::RunStats;

static guint64 nanoseconds_or_none(const std::optional<kvsarchive::UnixTime>& time) {
  return time ? gst_kvs_nanoseconds(*time) : GST_CLOCK_TIME_NONE;
}

static void set_ledger(GstStructure* structure, const Ledger& ledger) {
  gst_structure_set(structure,                                                    //
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

static void set_connections(GstStructure* structure,
                            const std::vector<ConnectionStats>& connections) {
  GValue list = G_VALUE_INIT;
  g_value_init(&list, GST_TYPE_ARRAY);
  for (const ConnectionStats& connection : connections) {
    GValue value = G_VALUE_INIT;
    g_value_init(&value, GST_TYPE_STRUCTURE);
    g_value_take_boxed(
        &value,
        gst_structure_new("connection",  //
                          "first-fragment", G_TYPE_STRING,
                          connection.firstFragment.c_str(),  //
                          "bytes-received", G_TYPE_UINT64,
                          connection.receivedBytes,  //
                          "bytes-listed", G_TYPE_UINT64, connection.listedBytes, "bytes-per-second",
                          G_TYPE_UINT64, connection.bytesPerSecond, nullptr));
    gst_value_array_append_and_take_value(&list, &value);
  }
  gst_structure_take_value(structure, "connections", &list);
}

void gst_kvs_stats_set_retries(GstStructure* structure,
                               const kvsarchive::kvs::RetryCounts& retries) {
  gst_structure_set(structure,                                              //
                    "retries", G_TYPE_UINT64, retries.all(),                //
                    "retries-throttled", G_TYPE_UINT64, retries.throttled,  //
                    "retries-network", G_TYPE_UINT64, retries.network,      //
                    "retries-service", G_TYPE_UINT64, retries.service,      //
                    "retries-access", G_TYPE_UINT64, retries.access,        //
                    "retries-media", G_TYPE_UINT64, retries.media, nullptr);
}

GstStructure* gst_kvs_stats_structure_new(const RunStats& stats) {
  GstStructure* structure = gst_structure_new_empty("kvs-stats");
  set_ledger(structure, stats.ledger);
  gst_kvs_stats_set_retries(structure, stats.retries);
  set_connections(structure, stats.connections);
  gst_structure_set(structure,                                                    //
                    "bytes-outstanding", G_TYPE_UINT64, stats.heldBytes,          //
                    "bytes-per-second", G_TYPE_UINT64, stats.bytesPerSecond,      //
                    "pace", G_TYPE_DOUBLE, stats.pace.rate,                       //
                    "stream-connections", G_TYPE_UINT, stats.pace.connections,    //
                    "connection-limit", G_TYPE_UINT, stats.pace.connectionLimit,  //
                    "listed-until", G_TYPE_UINT64,
                    gst_kvs_nanoseconds(stats.listedUntil.value_or(kvsarchive::UnixTime())),
                    "list-complete", G_TYPE_BOOLEAN, static_cast<gboolean>(stats.listComplete),
                    nullptr);
  return structure;
}

GstStructure* gst_kvs_progress_structure_new(const RunStats& stats) {
  const Ledger& ledger = stats.ledger;
  const guint64 done = ledger.delivered + ledger.truncated + ledger.skipped() + ledger.superseded;
  const guint64 eta = stats.remaining ? static_cast<guint64>(stats.remaining->count()) * GST_MSECOND
                                      : GST_CLOCK_TIME_NONE;
  return gst_structure_new("kvs-progress",                                    //
                           "fragments-done", G_TYPE_UINT64, done,             //
                           "fragments-listed", G_TYPE_UINT64, ledger.listed,  //
                           "list-complete", G_TYPE_BOOLEAN,
                           static_cast<gboolean>(stats.listComplete),                //
                           "bytes-received", G_TYPE_UINT64, ledger.receivedBytes,    //
                           "bytes-per-second", G_TYPE_UINT64, stats.bytesPerSecond,  //
                           "position", G_TYPE_UINT64, nanoseconds_or_none(stats.position), "eta",
                           G_TYPE_UINT64, eta, nullptr);
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
