// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsfragment.h"

#include "gstkvsbuffer.h"

static GstStructure* tags_structure_new(const std::vector<kvsarchive::matroska::Tag>& tags) {
  GstStructure* structure = gst_structure_new_empty("tags");
  for (const auto& tag : tags) {
    // Producers may write any bytes; GStreamer strings are UTF-8.
    g_autofree gchar* name = g_utf8_make_valid(tag.name.c_str(), -1);
    g_autofree gchar* value = g_utf8_make_valid(tag.value.c_str(), -1);
    gst_structure_set(structure, name, G_TYPE_STRING, value, nullptr);
  }
  return structure;
}

GstStructure* gst_kvs_fragment_structure_new(const kvsarchive::archive::FragmentStart& start) {
  const auto& fragment = start.fragment;
  GstStructure* structure = gst_structure_new(
      "kvs-fragment",                                                                          //
      "fragment-number", G_TYPE_STRING, fragment.number.c_str(),                               //
      "producer-timestamp", G_TYPE_UINT64, gst_kvs_nanoseconds(fragment.producerTimestamp),    //
      "server-timestamp", G_TYPE_UINT64, gst_kvs_nanoseconds(fragment.serverTimestamp),        //
      "origin-timestamp", G_TYPE_UINT64, gst_kvs_nanoseconds(start.origin),                    //
      "pts", G_TYPE_UINT64, static_cast<guint64>(start.pts.count()) * GST_MSECOND,             //
      "duration", G_TYPE_UINT64, static_cast<guint64>(fragment.length.count()) * GST_MSECOND,  //
      "size", G_TYPE_UINT64, fragment.sizeBytes,                                               //
      "time-shift", G_TYPE_INT64,
      static_cast<gint64>(start.shift.count()) * G_GINT64_CONSTANT(1000000),  //
      "discont", G_TYPE_BOOLEAN, static_cast<gboolean>(start.discont), nullptr);
  g_autoptr(GstStructure) tags = tags_structure_new(start.tags);
  gst_structure_set(structure, "tags", GST_TYPE_STRUCTURE, tags, nullptr);
  return structure;
}
