// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/painted_number.h"

#include <string>

namespace kvsarchive::test {
namespace {

constexpr int kBars = 24;

int readBars(const guint8* luma, int width, int height) {
  const guint8* line = luma + static_cast<gsize>(width) * static_cast<gsize>(height - 4);
  int number = 0;
  for (int bar = 0; bar < kBars; ++bar) {
    const int middle = (2 * bar + 1) * width / (2 * kBars);
    number = 2 * number + (line[middle] > 128 ? 1 : 0);
  }
  return number;
}

}  // namespace

int paintedNumber(GstBuffer* picture, const GstCaps* caps) {
  const GstStructure* structure = caps != nullptr ? gst_caps_get_structure(caps, 0) : nullptr;
  if (structure == nullptr || gst_structure_has_name(structure, "video/x-raw") == FALSE) {
    return -1;
  }
  const char* format = gst_structure_get_string(structure, "format");
  int width = 0;
  int height = 0;
  gst_structure_get_int(structure, "width", &width);
  gst_structure_get_int(structure, "height", &height);
  GstMapInfo map;
  if ((std::string(format) != "I420" && std::string(format) != "NV12") ||
      gst_buffer_map(picture, &map, GST_MAP_READ) == FALSE) {
    return -1;
  }
  const bool plain = map.size == static_cast<gsize>(width) * static_cast<gsize>(height) * 3 / 2;
  const int number = plain ? readBars(map.data, width, height) : -1;
  gst_buffer_unmap(picture, &map);
  return number;
}

}  // namespace kvsarchive::test
