// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsfragment.h"

#include <set>
#include <string>

#include "base/guarded.h"
#include "gstkvstime.h"

/// Names of fields that this process has used so far.
struct TagNames {
  std::set<std::string> known;
  size_t bytes = 0;
};

static bool may_be_field(const std::string& name) {
  constexpr size_t kMaxBytes = size_t{1} << 20;
  constexpr size_t kBytesBesides = 100;  // of each, in GLib's table and in ours
  static kvsarchive::Guarded<TagNames> names;
  auto used = names.lock();
  const size_t more = name.size() + kBytesBesides;
  if (used->known.count(name) == 0 && used->bytes + more > kMaxBytes) {
    return false;
  }
  used->bytes += used->known.insert(name).second ? more : 0;
  return true;
}

static GstStructure* tags_structure_new(const std::vector<kvsarchive::matroska::Tag>& tags,
                                        guint* left_out) {
  GstStructure* structure = gst_structure_new_empty("tags");
  for (const auto& tag : tags) {
    if (may_be_field(tag.name)) {
      gst_structure_set(structure, tag.name.c_str(), G_TYPE_STRING, tag.value.c_str(), nullptr);
    } else {
      ++*left_out;
    }
  }
  return structure;
}

GstStructure* gst_kvs_fragment_structure_new(const kvsarchive::archive::FragmentStart& start,
                                             guint* left_out) {
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
  g_autoptr(GstStructure) tags = tags_structure_new(start.tags, left_out);
  gst_structure_set(structure, "tags", GST_TYPE_STRUCTURE, tags, nullptr);
  return structure;
}
