/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints wall clock (ns since 1970) and size of each video frame of a range, as it was recorded.
 *
 * Arguments: stream, start, end. Region and credentials: as for the AWS CLI.
 * Exit status: 0 all is there, 1 it ended with an error, 2 wrong arguments, 3 something is lost.
 *
 * cc frames.c -o frames $(pkg-config --cflags --libs gstreamer-1.0)
 */
#include <gst/gst.h>

static const char* const pipeline_text =
    "kvsarchivesrc name=source ! matroskademux ! h264parse"
    " ! appsink name=sink emit-signals=true sync=false max-buffers=100";

/* On the streaming thread. */
static GstFlowReturn on_frame(GstElement* sink, gpointer unix_time) {
  GstSample* sample = NULL;
  g_signal_emit_by_name(sink, "pull-sample", &sample);
  if (sample == NULL) {
    return GST_FLOW_EOS;
  }
  GstBuffer* frame = gst_sample_get_buffer(sample);
  const GstReferenceTimestampMeta* wall_clock =
      gst_buffer_get_reference_timestamp_meta(frame, GST_CAPS(unix_time));
  g_print("%" G_GUINT64_FORMAT " %" G_GSIZE_FORMAT "\n", wall_clock->timestamp,
          gst_buffer_get_size(frame));
  gst_sample_unref(sample);
  return GST_FLOW_OK;
}

static void print_warning(GstMessage* message) {
  GError* error = NULL;
  gst_message_parse_warning(message, &error, NULL);
  g_printerr("warning: %s\n", error->message);
  g_error_free(error);
}

static void print_error(GstMessage* message) {
  GError* error = NULL;
  const GstStructure* details = NULL;
  gst_message_parse_error(message, &error, NULL);
  gst_message_parse_error_details(message, &details);
  g_printerr("error: %s\n", error->message);
  if (details != NULL && gst_structure_has_field(details, "last-fragment-number")) {
    g_printerr("complete up to fragment %s\n",
               gst_structure_get_string(details, "last-fragment-number"));
  }
  g_error_free(error);
}

static gboolean is_anything_lost(GstElement* source) {
  static const char* const lost[] = {"fragments-missing", "fragments-unreadable",
                                     "fragments-truncated", "fragments-track-change",
                                     "frames-dropped"};
  GstStructure* stats = NULL;
  g_object_get(source, "stats", &stats, NULL);
  gboolean is_lost = FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS(lost); ++i) {
    guint64 count = 0;
    gst_structure_get_uint64(stats, lost[i], &count);
    if (count > 0) {
      g_printerr("lost: %s %" G_GUINT64_FORMAT "\n", lost[i], count);
      is_lost = TRUE;
    }
  }
  gst_structure_free(stats);
  return is_lost;
}

/* Handles messages until the stream is over. The exit status. */
static int run(GstElement* pipeline, GstElement* source) {
  GstBus* bus = gst_element_get_bus(pipeline);
  int status = -1;
  while (status < 0) {
    GstMessage* message = gst_bus_timed_pop_filtered(
        bus, GST_CLOCK_TIME_NONE,
        (GstMessageType)(GST_MESSAGE_ERROR | GST_MESSAGE_WARNING | GST_MESSAGE_EOS));
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING) {
      print_warning(message);
    } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
      print_error(message);
      status = 1;
    } else {
      status = is_anything_lost(source) ? 3 : 0;
    }
    gst_message_unref(message);
  }
  gst_object_unref(bus);
  return status;
}

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  if (argc != 4) {
    g_printerr("usage: %s STREAM START END\n", argv[0]);
    return 2;
  }
  GError* error = NULL;
  GstElement* pipeline = gst_parse_launch(pipeline_text, &error);
  if (error != NULL) { /* an element is not installed */
    g_printerr("error: %s\n", error->message);
    return 1;
  }
  GstElement* source = gst_bin_get_by_name(GST_BIN(pipeline), "source");
  g_object_set(source, "stream-name", argv[1], "start-timestamp", argv[2], "end-timestamp",
               argv[3], NULL);
  GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
  GstCaps* unix_time = gst_caps_new_empty_simple("timestamp/x-unix");
  g_signal_connect(sink, "new-sample", G_CALLBACK(on_frame), unix_time);

  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  const int status = run(pipeline, source);
  gst_element_set_state(pipeline, GST_STATE_NULL);

  gst_caps_unref(unix_time);
  gst_object_unref(sink);
  gst_object_unref(source);
  gst_object_unref(pipeline);
  return status;
}
