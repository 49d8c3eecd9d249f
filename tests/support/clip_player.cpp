// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/clip_player.h"

#include <gtest/gtest.h>

#include <mutex>

#include "support/emulator_process.h"
#include "support/temp_file.h"

namespace kvsarchive::test {
namespace {

void waitForEnd(GstElement* pipeline, Played* played) {
  GstBus* bus = gst_element_get_bus(pipeline);
  const gint64 deadline = g_get_monotonic_time() + 30 * G_TIME_SPAN_SECOND;
  bool running = true;
  while (running && g_get_monotonic_time() < deadline) {
    GstMessage* message = gst_bus_timed_pop(bus, GST_SECOND / 10);
    if (message != nullptr) {
      running = readMessage(message, played);
      gst_message_unref(message);
    }
  }
  // An error is to be posted once only, and all that was posted counts.
  while (GstMessage* message = gst_bus_timed_pop_filtered(
             bus, played->error ? GST_SECOND / 20 : 0,
             static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_WARNING))) {
    readMessage(message, played);
    gst_message_unref(message);
  }
  gst_object_unref(bus);
}

struct Bytes {
  std::mutex mutex;
  PushedClip clip;
};

GstPadProbeReturn onBuffer(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* bytes = static_cast<Bytes*>(data);
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  GstMapInfo map;
  const std::lock_guard lock(bytes->mutex);
  if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT)) {
    bytes->clip.disconts.push_back(bytes->clip.bytes.size());
  }
  if (gst_buffer_map(buffer, &map, GST_MAP_READ) != FALSE) {
    bytes->clip.bytes.append(reinterpret_cast<const char*>(map.data), map.size);
    gst_buffer_unmap(buffer, &map);
  }
  return GST_PAD_PROBE_OK;
}

GstBusSyncReply onMessage(GstBus*, GstMessage* message, gpointer data) {
  auto* bytes = static_cast<Bytes*>(data);
  if (gst_message_has_name(message, "kvs-clip-boundary") != FALSE) {
    g_autofree gchar* text = gst_structure_to_string(gst_message_get_structure(message));
    const std::lock_guard lock(bytes->mutex);
    bytes->clip.boundaries.emplace_back(text);
  }
  return GST_BUS_PASS;
}

}  // namespace

ClipPlayer::ClipPlayer(GstElement* source, Scheduling scheduling)
    : pipeline_(gst_pipeline_new(nullptr)), source_(source) {
  GstElement* demux = gst_element_factory_make("qtdemux", nullptr);
  g_signal_connect(demux, "pad-added", G_CALLBACK(onPad), this);
  g_signal_connect(demux, "no-more-pads", G_CALLBACK(onAllPads), this);
  gst_bin_add_many(GST_BIN(pipeline_), source, demux, nullptr);
  if (scheduling == Scheduling::kPull) {
    gst_element_link(source, demux);
    return;
  }
  GstElement* queue = gst_element_factory_make("queue", nullptr);
  gst_bin_add(GST_BIN(pipeline_), queue);
  gst_element_link_many(source, queue, demux, nullptr);
}

ClipPlayer::~ClipPlayer() {
  gst_element_set_state(pipeline_, GST_STATE_NULL);
  gst_object_unref(pipeline_);
}

void ClipPlayer::onPad(GstElement*, GstPad* pad, gpointer data) {
  auto* self = static_cast<ClipPlayer*>(data);
  self->recorder_.attach(pad);
  GstElement* queue = gst_element_factory_make("queue", nullptr);
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  g_object_set(sink, "sync", FALSE, nullptr);
  gst_bin_add_many(GST_BIN(self->pipeline_), queue, sink, nullptr);
  gst_element_link(queue, sink);
  gst_element_sync_state_with_parent(sink);
  gst_element_sync_state_with_parent(queue);
  GstPad* sinkPad = gst_element_get_static_pad(queue, "sink");
  gst_pad_link(pad, sinkPad);
  gst_object_unref(sinkPad);
}

void ClipPlayer::onAllPads(GstElement*, gpointer data) {
  static_cast<ClipPlayer*>(data)->allPads_ = true;
}

bool ClipPlayer::settle() {
  return gst_element_get_state(pipeline_, nullptr, nullptr, 20 * GST_SECOND) ==
         GST_STATE_CHANGE_SUCCESS;
}

bool ClipPlayer::preroll() {
  gst_element_set_state(pipeline_, GST_STATE_PAUSED);
  const gint64 deadline = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND;
  while (!allPads_ && g_get_monotonic_time() < deadline) {
    g_usleep(1000);
  }
  return allPads_ && settle();
}

bool ClipPlayer::seek(int64_t ms) {
  const auto flags = static_cast<GstSeekFlags>(GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT |
                                               GST_SEEK_FLAG_SNAP_BEFORE);
  return gst_element_seek_simple(pipeline_, GST_FORMAT_TIME, flags,
                                 ms * static_cast<int64_t>(GST_MSECOND)) != FALSE &&
         settle();
}

Played ClipPlayer::playToEnd() {
  Played played;
  gst_element_set_state(pipeline_, GST_STATE_PLAYING);
  waitForEnd(pipeline_, &played);
  played.tracks = recorder_.tracks();
  return played;
}

GstElement* makeClipSource(const std::string& url, const std::string& stream) {
  GstElement* source = gst_element_factory_make("kvsclipsrc", nullptr);
  g_assert_nonnull(source);
  g_object_set(source, "endpoint-url", url.c_str(), "aws-region", "us-east-1", "access-key",
               kAccessKey, "secret-key", kSecretKey, "stream-name", stream.c_str(),
               "start-timestamp", "2026-03-01T10:00:00Z", "end-timestamp", "2026-03-01T11:00:00Z",
               nullptr);
  return source;
}

Frames framesOf(const Played& played) {
  Frames frames;
  for (const auto& [name, track] : played.tracks) {
    for (const PlayedFrame& frame : track.frames) {
      frames[track.isVideo() ? "video" : "audio"].emplace_back(frame.ptsNs, frame.sha256);
    }
  }
  return frames;
}

Frames framesOfMp4(const std::string& mp4) {
  const TempFile file(mp4);
  GstElement* source = gst_element_factory_make("filesrc", nullptr);
  g_object_set(source, "location", file.path(), nullptr);
  return framesOf(ClipPlayer(source, Scheduling::kPull).playToEnd());
}

PushedClip pushClip(GstElement* source) {
  Bytes bytes;
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  g_object_set(sink, "async", FALSE, "sync", FALSE, nullptr);
  gst_bin_add_many(GST_BIN(pipeline), source, sink, nullptr);
  gst_element_link(source, sink);
  GstPad* pad = gst_element_get_static_pad(source, "src");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, onBuffer, &bytes, nullptr);
  gst_object_unref(pad);
  GstBus* bus = gst_element_get_bus(pipeline);
  gst_bus_set_sync_handler(bus, onMessage, &bytes, nullptr);
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  waitForEnd(pipeline, &bytes.clip.played);
  bytes.clip.stats = statsOf(source);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  return std::move(bytes.clip);
}

}  // namespace kvsarchive::test
