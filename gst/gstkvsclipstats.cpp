// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsclipstats.h"

#include <optional>

#include "gstkvsstats.h"
#include "gstkvstime.h"

using kvsarchive::clip::ClipStats;
using kvsarchive::clip::ClipWindow;
using kvsarchive::clip::Completeness;

static const char* text_of(Completeness completeness) {
  switch (completeness) {
    case Completeness::kComplete:
      return "yes";
    case Completeness::kIncomplete:
      return "no";
    case Completeness::kUnknown:
      break;
  }
  return "unknown";
}

static void set_time(GstStructure* structure, const char* name,
                     const std::optional<kvsarchive::UnixTime>& time) {
  gst_structure_set(structure, name, G_TYPE_UINT64,
                    time ? gst_kvs_nanoseconds(*time) : GST_CLOCK_TIME_NONE, nullptr);
}

GstStructure* gst_kvs_clip_stats_structure_new(const ClipStats& stats) {
  GstStructure* structure =
      gst_structure_new("kvs-stats",                                                  //
                        "complete", G_TYPE_STRING, text_of(stats.completeness),       //
                        "clips", G_TYPE_UINT64, stats.clips,                          //
                        "clip-bytes", G_TYPE_UINT64, stats.clipBytes,                 //
                        "fragments-listed", G_TYPE_UINT64, stats.listedFragments,     //
                        "fragments-left-out", G_TYPE_UINT64, stats.leftOutFragments,  //
                        "bytes-received", G_TYPE_UINT64, stats.receivedBytes,         //
                        "bytes-in-memory", G_TYPE_UINT64, stats.spool.inMemory,       //
                        "bytes-in-file", G_TYPE_UINT64, stats.spool.inFile,           //
                        "pace", G_TYPE_DOUBLE, stats.pace.rate, nullptr);
  set_time(structure, "clip-end-timestamp", stats.endsAt);
  set_time(structure, "rest-start-timestamp", stats.restAt);
  gst_kvs_stats_set_retries(structure, stats.retries);
  return structure;
}

GstStructure* gst_kvs_clip_boundary_structure_new(guint index, const ClipWindow& window) {
  const auto& fragments = window.listed.fragments;
  const auto time = [&](const kvsarchive::kvs::Fragment& fragment) {
    return gst_kvs_nanoseconds(timeOf(fragment, window.selector.type));
  };
  return gst_structure_new(
      "kvs-clip-boundary",                                                       //
      "index", G_TYPE_UINT, index,                                               //
      "fragments", G_TYPE_UINT, static_cast<guint>(fragments.size()),            //
      "first-fragment-number", G_TYPE_STRING, fragments.front().number.c_str(),  //
      "last-fragment-number", G_TYPE_STRING, fragments.back().number.c_str(),    //
      "start-timestamp", G_TYPE_UINT64, time(fragments.front()),                 //
      "end-timestamp", G_TYPE_UINT64, time(fragments.back()), nullptr);
}
