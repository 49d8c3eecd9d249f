// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/session_player.h"

#include <utility>

#include "support/emulator_process.h"
#include "support/track_recorder.h"

namespace kvsarchive::test {
namespace {

constexpr gint64 kPatience = 30 * G_TIME_SPAN_SECOND;

struct Scene {
  explicit Scene(GstElement* element) : source(element) {
    gst_bin_add(GST_BIN(pipeline), GST_ELEMENT(gst_object_ref(source)));
  }
  ~Scene() {
    gst_object_unref(pipeline);
    gst_object_unref(source);
  }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  TrackRecorder recorder;
  GstElement* const source;
  GstElement* const pipeline = gst_pipeline_new(nullptr);
  const char* segmentDemuxer = nullptr;
};

GstElement* addElement(const Scene& scene, const char* factory) {
  GstElement* element = gst_element_factory_make(factory, nullptr);
  g_assert_nonnull(element);
  gst_bin_add(GST_BIN(scene.pipeline), element);
  return element;
}

void linkTo(GstElement* element, GstPad* pad) {
  GstPad* sinkPad = gst_element_get_static_pad(element, "sink");
  gst_pad_link(pad, sinkPad);
  gst_object_unref(sinkPad);
  gst_element_sync_state_with_parent(element);
}

GstElement* addSink(const Scene& scene) {
  GstElement* sink = addElement(scene, "fakesink");
  g_object_set(sink, "async", FALSE, "sync", FALSE, nullptr);
  return sink;
}

/// An elementary stream.
void onPad(GstElement* demuxer, GstPad* pad, gpointer data) {
  auto* scene = static_cast<Scene*>(data);
  scene->recorder.attach(pad);
  auto* waiting = static_cast<GstElement*>(g_object_steal_data(G_OBJECT(demuxer), "sink"));
  linkTo(waiting != nullptr ? waiting : addSink(*scene), pad);
}

/// Segments, one after the other, which the first generation of adaptive demuxers leaves to others.
/// The sink is there before its stream, lest another stream's end is that of the pipeline.
void onSegmentsPad(GstElement*, GstPad* pad, gpointer data) {
  auto* scene = static_cast<Scene*>(data);
  GstElement* element = addElement(*scene, scene->segmentDemuxer);
  g_object_set_data(G_OBJECT(element), "sink", addSink(*scene));
  g_signal_connect(element, "pad-added", G_CALLBACK(onPad), data);
  linkTo(element, pad);
}

const char* segmentDemuxerFor(GstElement* source) {
  GValue format = G_VALUE_INIT;
  g_object_get_property(G_OBJECT(source), "container-format", &format);
  g_autofree gchar* name = gst_value_serialize(&format);
  g_value_unset(&format);
  return g_strcmp0(name, "mpeg-ts") == 0 ? "tsdemux" : "qtdemux";
}

size_t countFrames(const TrackRecorder& recorder) {
  size_t count = 0;
  for (const auto& [name, track] : recorder.tracks()) {
    count += track.frames.size();
  }
  return count;
}

void readStats(GstElement* source, PlayedSession* played) {
  g_autoptr(GstStructure) stats = nullptr;
  g_object_get(source, "stats", &stats, nullptr);
  gst_structure_get_uint64(stats, "manifest-bytes", &played->manifestBytes);
  gst_structure_get_uint64(stats, "expires-at", &played->expiresAt);
  for (const char* name : {"retries", "retries-throttled", "retries-network", "retries-service"}) {
    guint64 value = 0;
    gst_structure_get_uint64(stats, name, &value);
    played->stats[name] = value;
  }
}

void runToEnd(const Scene& scene, const EnoughFrames& enough, PlayedSession* played) {
  gst_element_set_state(scene.pipeline, GST_STATE_PLAYING);
  const gint64 deadline = g_get_monotonic_time() + kPatience;
  GstBus* bus = gst_element_get_bus(scene.pipeline);
  bool running = true;
  while (running && g_get_monotonic_time() < deadline &&
         !(enough && enough(countFrames(scene.recorder)))) {
    GstMessage* message = gst_bus_timed_pop(bus, 50 * GST_MSECOND);
    if (message == nullptr) {
      continue;
    }
    running = readMessage(message, played);
    gst_message_unref(message);
  }
  // An error is to be posted once only.
  while (GstMessage* message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR)) {
    readMessage(message, played);
    gst_message_unref(message);
  }
  gst_object_unref(bus);
}

GstPadProbeReturn onBytes(GstPad*, GstPadProbeInfo* info, gpointer data) {
  GstMapInfo map;
  if (gst_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), &map, GST_MAP_READ) != FALSE) {
    static_cast<std::string*>(data)->append(reinterpret_cast<const char*>(map.data), map.size);
    gst_buffer_unmap(GST_PAD_PROBE_INFO_BUFFER(info), &map);
  }
  return GST_PAD_PROBE_OK;
}

void readUri(GstPad* pad, PlayedSession* played) {
  GstQuery* query = gst_query_new_uri();
  if (gst_pad_query(pad, query) != FALSE) {
    g_autofree gchar* uri = nullptr;
    g_autofree gchar* redirection = nullptr;
    gst_query_parse_uri(query, &uri);
    gst_query_parse_uri_redirection(query, &redirection);
    played->uri = uri != nullptr ? uri : "";
    played->uriRedirection = redirection != nullptr ? redirection : "";
  }
  gst_query_unref(query);
}

PlayedSession finish(Scene& scene, PlayedSession played) {
  gst_element_set_state(scene.pipeline, GST_STATE_NULL);
  readStats(scene.source, &played);
  played.tracks = scene.recorder.tracks();
  return played;
}

}  // namespace

PlayedSession playSession(GstElement* source, const char* demuxer, const EnoughFrames& enough) {
  Scene scene(source);
  // What hlsdemux2 and dashdemux2 ask for.
  GST_OBJECT_FLAG_SET(scene.pipeline, GST_BIN_FLAG_STREAMS_AWARE);
  GstElement* demux = addElement(scene, demuxer);
  scene.segmentDemuxer = segmentDemuxerFor(source);
  const bool hasSegments = g_str_has_suffix(demuxer, "demux") != FALSE;
  g_signal_connect(demux, "pad-added", hasSegments ? G_CALLBACK(onSegmentsPad) : G_CALLBACK(onPad),
                   &scene);
  gst_element_link(source, demux);
  PlayedSession played;
  runToEnd(scene, enough, &played);
  return finish(scene, std::move(played));
}

PlayedSession playToSink(GstElement* source) {
  Scene scene(source);
  GstElement* sink = addElement(scene, "fakesink");
  gst_element_link(source, sink);
  GstPad* pad = gst_element_get_static_pad(source, "src");
  scene.recorder.attach(pad);
  std::string document;
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, onBytes, &document, nullptr);
  PlayedSession played;
  runToEnd(scene, nullptr, &played);
  readUri(pad, &played);
  gst_object_unref(pad);
  played = finish(scene, std::move(played));
  played.document = document;
  return played;
}

GstElement* makeSessionSource(const std::string& url, const std::string& stream,
                              const char* protocol) {
  GstElement* source = gst_element_factory_make("kvssessionsrc", nullptr);
  g_assert_nonnull(source);
  gst_util_set_object_arg(G_OBJECT(source), "protocol", protocol);
  g_object_set(source, "endpoint-url", url.c_str(), "aws-region", "us-east-1", "access-key",
               kAccessKey, "secret-key", kSecretKey, "stream-name", stream.c_str(), nullptr);
  return source;
}

}  // namespace kvsarchive::test
