// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvslog.h"

#include <gst/gst.h>

#include "base/log.h"

namespace {

namespace log = kvsarchive::log;

GstDebugCategory* categories[5];

GstDebugLevel gst_level(log::Level level) {
  switch (level) {
    case log::Level::kWarning:
      return GST_LEVEL_WARNING;
    case log::Level::kInfo:
      return GST_LEVEL_INFO;
    case log::Level::kDebug:
      return GST_LEVEL_DEBUG;
    case log::Level::kTrace:
      return GST_LEVEL_TRACE;
  }
  return GST_LEVEL_TRACE;
}

GstDebugCategory* category_of(log::Area area) { return categories[static_cast<size_t>(area)]; }

bool is_kept(log::Level level, log::Area area) {
  return gst_level(level) <= gst_debug_category_get_threshold(category_of(area));
}

void write_line(log::Level level, log::Area area, const char* message) {
  gst_debug_log(category_of(area), gst_level(level), __FILE__, "", __LINE__, nullptr, "%s",
                message);
}

}  // namespace

void gst_kvs_log_init() {
  static const struct {
    log::Area area;
    const char* name;
    const char* description;
  } kAreas[] = {
      {log::Area::kHttp, "kvsarchive-http", "KVS archive HTTP transport"},
      {log::Area::kAuth, "kvsarchive-auth", "KVS archive credentials and signing"},
      {log::Area::kClient, "kvsarchive-client", "KVS archive API requests"},
      {log::Area::kArchive, "kvsarchive-archive", "KVS archive listing and joining"},
      {log::Area::kClip, "kvsarchive-clip", "KVS archive clips"},
  };
  for (const auto& entry : kAreas) {
    GST_DEBUG_CATEGORY_INIT(categories[static_cast<size_t>(entry.area)], entry.name, 0,
                            entry.description);
  }
  log::setSink(write_line, is_kept);
}
