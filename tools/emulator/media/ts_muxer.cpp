// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/ts_muxer.h"

#include <gst/app/gstappsrc.h>

#include <algorithm>

#include "media/codec.h"
#include "media/encode_pipeline.h"

namespace kvsemulator {
namespace {

constexpr int kFirstPid = 0x100;
/// Decoding times are before those of presentation and must not be negative.
constexpr int64_t kLeadNs = 1'000'000'000;

std::string sourceName(const TsTrack& track) { return "in" + std::to_string(track.number); }

std::string branchOf(const TsTrack& track) {
  const char* parser = "";
  switch (codecOf(*track.track)) {
    case Codec::kH264:
      parser = " ! h264parse config-interval=-1";
      break;
    case Codec::kH265:
      parser = " ! h265parse config-interval=-1";
      break;
    default:
      parser = " ! aacparse";
  }
  return "appsrc format=time name=" + sourceName(track) + parser + " ! queue max-size-buffers=0 " +
         "max-size-bytes=0 max-size-time=0 ! mux.sink_" + std::to_string(kFirstPid + track.number) +
         " ";
}

GstBuffer* toBuffer(std::string_view data) {
  return gst_buffer_new_memdup(data.data(), data.size());
}

GstCaps* capsOf(const Track& track) {
  GstCaps* caps = nullptr;
  switch (codecOf(track)) {
    case Codec::kH264:
      caps = gst_caps_from_string("video/x-h264,stream-format=avc,alignment=au");
      break;
    case Codec::kH265:
      caps = gst_caps_from_string("video/x-h265,stream-format=hvc1,alignment=au");
      break;
    default:
      caps = gst_caps_from_string("audio/mpeg,mpegversion=4,stream-format=raw");
      gst_caps_set_simple(caps, "rate", G_TYPE_INT, track.sampleRate, "channels", G_TYPE_INT,
                          track.channels, nullptr);
  }
  if (track.type == TrackType::kVideo) {
    gst_caps_set_simple(caps, "width", G_TYPE_INT, track.width, "height", G_TYPE_INT, track.height,
                        nullptr);
  }
  g_autoptr(GstBuffer) config = toBuffer(track.codecPrivate);
  gst_caps_set_simple(caps, "codec_data", GST_TYPE_BUFFER, config, nullptr);
  return caps;
}

/// How much decoding is ahead at least, so that each frame is decoded before it
/// is shown.
int64_t decodingLead(const std::vector<MediaSample>& samples) {
  int64_t lead = 0;
  for (const MediaSample& sample : samples) {
    lead = std::max(lead, sample.decodeNs - sample.timeNs);
  }
  return lead;
}

void feed(GstElement* pipeline, const TsTrack& track, int64_t startNs) {
  g_autoptr(GstElement) source = gst_bin_get_by_name(GST_BIN(pipeline), sourceName(track).c_str());
  GstAppSrc* appsrc = GST_APP_SRC(source);
  g_autoptr(GstCaps) caps = capsOf(*track.track);
  gst_app_src_set_caps(appsrc, caps);
  gst_app_src_set_max_bytes(appsrc, 0);
  const int64_t lead = decodingLead(track.samples);
  const auto clock = [&](int64_t ns) {
    return static_cast<GstClockTime>(std::max<int64_t>(0, startNs + kLeadNs + ns));
  };
  for (const MediaSample& sample : track.samples) {
    GstBuffer* buffer = toBuffer(sample.data);
    GST_BUFFER_PTS(buffer) = clock(sample.timeNs);
    GST_BUFFER_DTS(buffer) = clock(sample.decodeNs - lead);
    GST_BUFFER_DURATION(buffer) = static_cast<GstClockTime>(sample.durationNs);
    if (!sample.key) {
      GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    }
    gst_app_src_push_buffer(appsrc, buffer);
  }
  gst_app_src_end_of_stream(appsrc);
}

}  // namespace

Result<std::string> muxTransportStream(const std::vector<TsTrack>& tracks, int64_t startNs) {
  std::string launch = "mpegtsmux name=mux ! appsink name=out sync=false ";
  for (const TsTrack& track : tracks) {
    launch += branchOf(track);
  }
  g_autoptr(GError) error = nullptr;
  PipelinePtr pipeline(gst_parse_launch(launch.c_str(), &error));
  if (error) {
    return failure(error->message);
  }
  for (const TsTrack& track : tracks) {
    feed(pipeline.get(), track, startNs);
  }
  g_autoptr(GstElement) out = gst_bin_get_by_name(GST_BIN(pipeline.get()), "out");
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  auto packets = collectFrames(pipeline.get(), out);
  if (!packets) {
    return failure(packets.error());
  }
  std::string segment;
  for (const Frame& packet : packets->frames) {
    segment += packet.data.view();
  }
  return segment;
}

}  // namespace kvsemulator
