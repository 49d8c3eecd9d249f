// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/stats.h"

namespace kvsarchive::test {
namespace {

GstStructure* readStats(GstElement* source) {
  GstStructure* stats = nullptr;
  g_object_get(source, "stats", &stats, nullptr);
  g_assert_nonnull(stats);
  return stats;
}

}  // namespace

Fields fieldsOf(const GstStructure* structure) {
  Fields fields;
  for (int i = 0; i < gst_structure_n_fields(structure); ++i) {
    const char* name = gst_structure_nth_field_name(structure, i);
    g_autofree gchar* text = gst_value_serialize(gst_structure_get_value(structure, name));
    fields[name] = text;
  }
  return fields;
}

Fields statsOf(GstElement* source) {
  g_autoptr(GstStructure) stats = readStats(source);
  return fieldsOf(stats);
}

uint64_t statsCount(GstElement* source, const char* field) {
  g_autoptr(GstStructure) stats = readStats(source);
  guint64 count = 0;
  g_assert_true(gst_structure_get_uint64(stats, field, &count));
  return count;
}

}  // namespace kvsarchive::test
