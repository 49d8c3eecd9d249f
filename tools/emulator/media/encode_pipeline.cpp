// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/encode_pipeline.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <algorithm>

namespace kvsemulator {
namespace {

void onNeedData(GstAppSrc* appsrc, guint, gpointer source) {
  GstBuffer* buffer = (*static_cast<BufferSource*>(source))();
  if (buffer) {
    gst_app_src_push_buffer(appsrc, buffer);
  } else {
    gst_app_src_end_of_stream(appsrc);
  }
}

}  // namespace

std::string takeBusError(GstElement* pipeline) {
  std::string text;
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
  g_autoptr(GstMessage) message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR);
  if (message) {
    g_autoptr(GError) error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    text = std::string(GST_OBJECT_NAME(message->src)) + ": " + error->message;
  }
  return text;
}

namespace {

void readCaps(const GstCaps* caps, EncodedTrack& track) {
  const GstStructure* structure = gst_caps_get_structure(caps, 0);
  gst_structure_get_int(structure, "width", &track.width);
  gst_structure_get_int(structure, "height", &track.height);
  gst_structure_get_int(structure, "rate", &track.rate);
  gst_structure_get_int(structure, "channels", &track.channels);
  track.mediaType = gst_structure_get_name(structure);
  int numerator = 0;
  int denominator = 0;
  if (gst_structure_get_fraction(structure, "framerate", &numerator, &denominator) &&
      numerator > 0) {
    track.frameDurationNs = int64_t{1'000'000'000} * denominator / numerator;
  }
  const GValue* value = gst_structure_get_value(structure, "codec_data");
  if (!value) {
    return;
  }
  GstMapInfo map;
  GstBuffer* buffer = gst_value_get_buffer(value);
  if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
    track.codecPrivate.assign(reinterpret_cast<const char*>(map.data), map.size);
    gst_buffer_unmap(buffer, &map);
  }
}

int64_t runningTime(const GstSegment* segment, GstClockTime time) {
  guint64 result = 0;
  const int sign = gst_segment_to_running_time_full(segment, GST_FORMAT_TIME, time, &result);
  return sign < 0 ? -static_cast<int64_t>(result) : static_cast<int64_t>(result);
}

Frame toFrame(GstSample* sample) {
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  const GstSegment* segment = gst_sample_get_segment(sample);
  Frame frame;
  frame.timeNs = runningTime(segment, GST_BUFFER_PTS_IS_VALID(buffer) ? GST_BUFFER_PTS(buffer) : 0);
  frame.orderNs =
      GST_BUFFER_DTS_IS_VALID(buffer) ? runningTime(segment, GST_BUFFER_DTS(buffer)) : frame.timeNs;
  frame.key = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  GstMapInfo map;
  if (gst_buffer_map(buffer, &map, GST_MAP_READ)) {
    frame.data = Bytes::copyOf({reinterpret_cast<const char*>(map.data), map.size});
    gst_buffer_unmap(buffer, &map);
  }
  return frame;
}

}  // namespace

Result<EncodedTrack> collectFrames(GstElement* pipeline, GstElement* appsink) {
  EncodedTrack track;
  while (true) {
    g_autoptr(GstSample) sample =
        gst_app_sink_try_pull_sample(GST_APP_SINK(appsink), 200 * GST_MSECOND);
    if (sample) {
      if (track.frames.empty()) {
        readCaps(gst_sample_get_caps(sample), track);
      }
      Frame frame = toFrame(sample);
      if (!track.frames.empty()) {
        // Matroska files have no decoding times: their frames stay in the order they are in.
        frame.orderNs = std::max(frame.orderNs, track.frames.back().orderNs);
      }
      track.frames.push_back(std::move(frame));
      continue;
    }
    const std::string error = takeBusError(pipeline);
    if (!error.empty()) {
      return failure(error);
    }
    if (gst_app_sink_is_eos(GST_APP_SINK(appsink))) {
      return track;
    }
  }
}

Result<EncodedTrack> runEncoder(const std::string& elements, const std::string& caps,
                                BufferSource source) {
  const std::string launch = "appsrc name=in format=time caps=\"" + caps + "\" ! " + elements +
                             " ! appsink name=out sync=false";
  g_autoptr(GError) error = nullptr;
  PipelinePtr pipeline(gst_parse_launch(launch.c_str(), &error));
  if (error) {
    return failure(elements + ": " + error->message);
  }
  g_autoptr(GstElement) in = gst_bin_get_by_name(GST_BIN(pipeline.get()), "in");
  g_autoptr(GstElement) out = gst_bin_get_by_name(GST_BIN(pipeline.get()), "out");
  GstAppSrcCallbacks callbacks{};
  callbacks.need_data = onNeedData;
  gst_app_src_set_callbacks(GST_APP_SRC(in), &callbacks, &source, nullptr);
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  Result<EncodedTrack> result = collectFrames(pipeline.get(), out);
  if (!result) {
    return failure(elements + ": " + result.error());
  }
  return result;
}

}  // namespace kvsemulator
