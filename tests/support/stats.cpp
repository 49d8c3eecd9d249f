// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/stats.h"

namespace kvsarchive::test {
namespace {

GstStructure* statsOf(GstElement* source) {
  GstStructure* stats = nullptr;
  g_object_get(source, "stats", &stats, nullptr);
  g_assert_nonnull(stats);
  return stats;
}

}  // namespace

uint64_t statsCount(GstElement* source, const char* field) {
  g_autoptr(GstStructure) stats = statsOf(source);
  guint64 count = 0;
  g_assert_true(gst_structure_get_uint64(stats, field, &count));
  return count;
}

std::string statsText(GstElement* source, const char* field) {
  g_autoptr(GstStructure) stats = statsOf(source);
  const char* text = gst_structure_get_string(stats, field);
  g_assert_nonnull(text);
  return text;
}

}  // namespace kvsarchive::test
