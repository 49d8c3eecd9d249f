// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/counting_sink.h"

#include <string>

namespace kvsarchive::test {
namespace {

void onHandoff(GstElement*, GstBuffer*, GstPad* pad, gpointer data) {
  auto* counts = static_cast<DecodedCounts*>(data);
  GstCaps* caps = gst_pad_get_current_caps(pad);
  const std::string name = gst_structure_get_name(gst_caps_get_structure(caps, 0));
  gst_caps_unref(caps);
  ++(name == "video/x-raw" ? counts->video : counts->audio);
}

}  // namespace

void countHandoffs(GstElement* sink, DecodedCounts* counts) {
  g_signal_connect(sink, "handoff", G_CALLBACK(onHandoff), counts);
}

GstElement* makeCountingSink(DecodedCounts* counts) {
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  g_object_set(sink, "signal-handoffs", TRUE, nullptr);
  countHandoffs(sink, counts);
  return sink;
}

}  // namespace kvsarchive::test
