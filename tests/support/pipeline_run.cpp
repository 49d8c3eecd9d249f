// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/pipeline_run.h"

#include <gtest/gtest.h>

#include <thread>

#include "support/temp_file.h"

namespace kvsarchive::test {

std::string waitForEnd(GstElement* pipeline) {
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* message = gst_bus_timed_pop_filtered(
      bus, 60 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  std::string text = message != nullptr ? "" : "neither end nor error";
  if (message != nullptr && GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    g_autoptr(GError) error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    text = error->message;
  }
  gst_clear_message(&message);
  gst_object_unref(bus);
  return text;
}

std::string playToEnd(GstElement* pipeline) {
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  std::string text = waitForEnd(pipeline);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  return text;
}

std::string saveUntilError(GstElement* source, const std::string& elements) {
  const TempFile file("");
  const std::string line =
      "identity name=first ! " + elements + " ! filesink location=" + file.path();
  GstElement* pipeline = gst_parse_launch(line.c_str(), nullptr);
  GstElement* first = gst_bin_get_by_name(GST_BIN(pipeline), "first");
  gst_bin_add(GST_BIN(pipeline), source);
  gst_element_link(source, first);
  gst_object_unref(first);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  const std::string error = waitForEnd(pipeline);
  const std::string end = waitForEnd(pipeline);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  EXPECT_NE(error, "") << "no error";
  EXPECT_EQ(end, "");
  g_autofree gchar* content = nullptr;
  gsize size = 0;
  g_file_get_contents(file.path(), &content, &size, nullptr);
  return error.empty() || !end.empty() ? "" : std::string(content, size);
}

GstElement* intoFakesink(GstElement* source) {
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  gst_bin_add_many(GST_BIN(pipeline), source, sink, nullptr);
  gst_element_link(source, sink);
  return pipeline;
}

GstElement* prerolled(GstElement* source) {
  GstElement* pipeline = intoFakesink(source);
  gst_element_set_state(pipeline, GST_STATE_PAUSED);
  EXPECT_EQ(gst_element_get_state(pipeline, nullptr, nullptr, 20 * GST_SECOND),
            GST_STATE_CHANGE_SUCCESS);
  return pipeline;
}

void expectQuickStop(GstElement* pipeline, GstState state, std::chrono::milliseconds after) {
  gst_element_set_state(pipeline, state);
  std::this_thread::sleep_for(after);
  const gint64 begin = g_get_monotonic_time();
  EXPECT_EQ(gst_element_set_state(pipeline, GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
  EXPECT_LT(g_get_monotonic_time() - begin, G_TIME_SPAN_SECOND);
}

}  // namespace kvsarchive::test
