// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/file_demuxer.h"

#include <gst/app/gstappsink.h>

#include <algorithm>
#include <cstdio>
#include <mutex>

namespace kvsemulator {
namespace {

/// Elements that bring a track into the form it has in Matroska; nullptr = not
/// supported.
const char* elementsFor(const std::string& mediaType) {
  if (mediaType == "video/x-h264") {
    return "h264parse ! video/x-h264,stream-format=avc,alignment=au ! appsink "
           "name=out";
  }
  if (mediaType == "video/x-h265") {
    return "h265parse ! video/x-h265,stream-format=hvc1,alignment=au ! appsink "
           "name=out";
  }
  if (mediaType == "audio/mpeg") {
    return "aacparse ! audio/mpeg,mpegversion=4,stream-format=raw ! appsink "
           "name=out";
  }
  if (mediaType == "audio/x-alaw" || mediaType == "audio/x-mulaw") {
    return "appsink name=out";
  }
  return nullptr;
}

/// Gives each track that parsebin finds a sink that keeps all its frames.
class TrackSinks {
 public:
  explicit TrackSinks(GstBin* pipeline) : pipeline_(pipeline) {}
  ~TrackSinks() {
    for (GstElement* sink : sinks_) {
      gst_object_unref(sink);
    }
  }
  TrackSinks(const TrackSinks&) = delete;
  TrackSinks& operator=(const TrackSinks&) = delete;

  static void onPad(GstElement*, GstPad* pad, gpointer self) {
    static_cast<TrackSinks*>(self)->add(pad);
  }

  /// Only after EOS, when no thread adds more.
  const std::vector<GstElement*>& sinks() const { return sinks_; }

 private:
  void add(GstPad* pad) {
    const std::lock_guard<std::mutex> lock(mutex_);
    g_autoptr(GstCaps) caps = gst_pad_get_current_caps(pad);
    const std::string type =
        caps ? gst_structure_get_name(gst_caps_get_structure(caps, 0)) : "unknown";
    const char* elements = elementsFor(type);
    if (!elements) {
      std::fprintf(stderr, "track of type %s left out\n", type.c_str());
      elements = "fakesink async=false";
    }
    GstElement* bin = gst_parse_bin_from_description(elements, TRUE, nullptr);
    gst_bin_add(pipeline_, bin);
    if (GstElement* sink = gst_bin_get_by_name(GST_BIN(bin), "out")) {
      g_object_set(sink, "sync", FALSE, "async", FALSE, "wait-on-eos", FALSE, nullptr);
      sinks_.push_back(sink);
    }
    gst_element_sync_state_with_parent(bin);
    g_autoptr(GstPad) sinkPad = gst_element_get_static_pad(bin, "sink");
    gst_pad_link(pad, sinkPad);
  }

  GstBin* pipeline_;
  std::mutex mutex_;
  std::vector<GstElement*> sinks_;
};

/// Returns the error; empty = the end was reached.
std::string runToEnd(GstElement* pipeline) {
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
  g_autoptr(GstMessage) message = gst_bus_timed_pop_filtered(
      bus, GST_CLOCK_TIME_NONE, static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS));
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS) {
    return {};
  }
  g_autoptr(GError) error = nullptr;
  gst_message_parse_error(message, &error, nullptr);
  return error->message;
}

}  // namespace

Result<std::vector<EncodedTrack>> demuxFile(const std::string& path) {
  PipelinePtr pipeline(gst_parse_launch("filesrc name=file ! parsebin name=parse", nullptr));
  g_autoptr(GstElement) file = gst_bin_get_by_name(GST_BIN(pipeline.get()), "file");
  g_autoptr(GstElement) parse = gst_bin_get_by_name(GST_BIN(pipeline.get()), "parse");
  g_object_set(file, "location", path.c_str(), nullptr);
  TrackSinks sinks(GST_BIN(pipeline.get()));
  g_signal_connect(parse, "pad-added", G_CALLBACK(TrackSinks::onPad), &sinks);
  const std::string error = runToEnd(pipeline.get());
  if (!error.empty()) {
    return failure(path + ": " + error);
  }
  std::vector<EncodedTrack> tracks;
  for (GstElement* sink : sinks.sinks()) {
    auto track = collectFrames(pipeline.get(), sink);
    if (!track) {
      return failure(path + ": " + track.error());
    }
    if (!track->frames.empty()) {
      tracks.push_back(std::move(*track));
    }
  }
  std::stable_partition(tracks.begin(), tracks.end(),
                        [](const EncodedTrack& track) { return track.width > 0; });
  if (tracks.empty()) {
    return failure(path + ": no track that can be served");
  }
  return tracks;
}

}  // namespace kvsemulator
