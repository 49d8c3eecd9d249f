// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/player.h"

#include <algorithm>
#include <mutex>

#include "support/emulator_process.h"
#include "support/track_recorder.h"

namespace kvsarchive::test {
namespace {

struct Recorder {
  TrackRecorder tracks;
  std::mutex mutex;  ///< guards what follows
  std::string document;
  GstElement* pipeline = nullptr;
};

GstPadProbeReturn onBytes(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* recorder = static_cast<Recorder*>(data);
  GstMapInfo map;
  if (gst_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), &map, GST_MAP_READ) != FALSE) {
    const std::lock_guard lock(recorder->mutex);
    recorder->document.append(reinterpret_cast<const char*>(map.data), map.size);
    gst_buffer_unmap(GST_PAD_PROBE_INFO_BUFFER(info), &map);
  }
  return GST_PAD_PROBE_OK;
}

/// Records what comes out of a pad, and links it to a sink.
void onPad(GstElement*, GstPad* pad, gpointer data) {
  auto* recorder = static_cast<Recorder*>(data);
  recorder->tracks.attach(pad);
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  g_object_set(sink, "async", FALSE, "sync", FALSE, nullptr);
  gst_bin_add(GST_BIN(recorder->pipeline), sink);
  gst_element_sync_state_with_parent(sink);
  GstPad* sinkPad = gst_element_get_static_pad(sink, "sink");
  gst_pad_link(pad, sinkPad);
  gst_object_unref(sinkPad);
}

std::string textOf(const GValue* value) {
  GValue text = G_VALUE_INIT;
  g_value_init(&text, G_TYPE_STRING);
  g_value_transform(value, &text);
  std::string result = g_value_get_string(&text) != nullptr ? g_value_get_string(&text) : "";
  g_value_unset(&text);
  return result;
}

PlayedError readError(GstMessage* message) {
  g_autoptr(GError) error = nullptr;
  g_autofree gchar* debug = nullptr;
  const GstStructure* details = nullptr;
  gst_message_parse_error(message, &error, &debug);
  gst_message_parse_error_details(message, &details);
  PlayedError played;
  played.domain = g_quark_to_string(error->domain);
  played.code = error->code;
  played.message = error->message;
  played.debug = debug != nullptr ? debug : "";
  for (int i = 0; details != nullptr && i < gst_structure_n_fields(details); ++i) {
    const char* name = gst_structure_nth_field_name(details, i);
    played.details[name] = textOf(gst_structure_get_value(details, name));
  }
  return played;
}

void readProgress(GstMessage* message, Played* played) {
  GstProgressType type{};
  g_autofree gchar* code = nullptr;
  g_autofree gchar* text = nullptr;
  gst_message_parse_progress(message, &type, &code, &text);
  GEnumClass* klass = G_ENUM_CLASS(g_type_class_ref(GST_TYPE_PROGRESS_TYPE));
  played->progress.push_back(std::string(g_enum_get_value(klass, type)->value_nick) + " " + code);
  g_type_class_unref(klass);
}

}  // namespace

bool readMessage(GstMessage* message, Played* played) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_EOS:
      played->eos = true;
      return false;
    case GST_MESSAGE_ERROR:
      played->errors.push_back(GST_OBJECT_NAME(GST_MESSAGE_SRC(message)));
      if (!played->error) {
        played->error = readError(message);
      }
      return false;
    case GST_MESSAGE_WARNING: {
      g_autoptr(GError) warning = nullptr;
      gst_message_parse_warning(message, &warning, nullptr);
      played->warnings.emplace_back(warning->message);
      return true;
    }
    case GST_MESSAGE_PROGRESS:
      readProgress(message, played);
      return true;
    case GST_MESSAGE_ELEMENT:
      if (gst_message_has_name(message, "kvs-fragment") != FALSE) {
        played->fragmentMessages.push_back(readFragment(gst_message_get_structure(message)));
      }
      return true;
    default:
      return true;
  }
}

void readProperties(GstElement* source, Played* played) {
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(source), "stats") == nullptr) {
    return;  // a filesrc
  }
  g_autoptr(GstStructure) stats = nullptr;
  g_object_get(source, "stats", &stats, "origin-timestamp", &played->originNs, nullptr);
  for (int i = 0; i < gst_structure_n_fields(stats); ++i) {
    const char* name = gst_structure_nth_field_name(stats, i);
    guint64 value = 0;
    const bool isCount = g_str_has_prefix(name, "fragments-") ||
                         g_str_has_prefix(name, "frames-") || g_str_has_prefix(name, "retries") ||
                         g_strcmp0(name, "bytes-received") == 0;
    if (isCount && gst_structure_get_uint64(stats, name, &value)) {
      played->stats[name] = value;
    }
  }
}

namespace {

/// Waits until the streaming thread of the source is done with its last round, and so has told all
/// that it has to tell.
void waitForRest(GstElement* source) {
  GstPad* pad = gst_element_get_static_pad(source, "src");
  const gint64 deadline = g_get_monotonic_time() + 10 * G_TIME_SPAN_SECOND;
  while (gst_pad_get_task_state(pad) == GST_TASK_STARTED && g_get_monotonic_time() < deadline) {
    g_usleep(1000);
  }
  GST_PAD_STREAM_LOCK(pad);
  GST_PAD_STREAM_UNLOCK(pad);
  gst_object_unref(pad);
}

void runToEnd(GstElement* pipeline, GstElement* source, Played* played) {
  GstBus* bus = gst_element_get_bus(pipeline);
  const gint64 deadline = g_get_monotonic_time() + 60 * G_TIME_SPAN_SECOND;
  bool running = true;
  while (running && g_get_monotonic_time() < deadline) {
    GstMessage* message = gst_bus_timed_pop(bus, GST_SECOND);
    if (message != nullptr) {
      running = readMessage(message, played);
      gst_message_unref(message);
    }
  }
  if (!running) {
    waitForRest(source);
  }
  // An error is to be posted once only.
  while (GstMessage* message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR)) {
    played->errors.push_back(GST_OBJECT_NAME(GST_MESSAGE_SRC(message)));
    gst_message_unref(message);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
}

Played run(GstElement* source, Recorder* recorder) {
  gst_element_set_state(recorder->pipeline, GST_STATE_PLAYING);
  Played outcome;
  runToEnd(recorder->pipeline, source, &outcome);
  readProperties(source, &outcome);
  outcome.tracks = recorder->tracks.tracks();
  outcome.document = std::move(recorder->document);
  gst_object_unref(recorder->pipeline);
  return outcome;
}

}  // namespace

const PlayedTrack* Played::first(bool video) const {
  for (const auto& [name, track] : tracks) {
    if (track.isVideo() == video) {
      return &track;
    }
  }
  return nullptr;
}

size_t Played::frames() const {
  size_t count = 0;
  for (const auto& [name, track] : tracks) {
    count += track.frames.size();
  }
  return count;
}

size_t Played::sourceErrors() const {
  return static_cast<size_t>(std::count_if(errors.begin(), errors.end(), [](const auto& name) {
    return name.compare(0, 13, "kvsarchivesrc") == 0;
  }));
}

Played play(GstElement* source, const char* demuxer) {
  Recorder recorder;
  recorder.pipeline = gst_pipeline_new(nullptr);
  GstElement* demux = gst_element_factory_make(demuxer, nullptr);
  g_signal_connect(demux, "pad-added", G_CALLBACK(onPad), &recorder);
  gst_bin_add_many(GST_BIN(recorder.pipeline), source, demux, nullptr);
  gst_element_link(source, demux);
  return run(source, &recorder);
}

Played playDocument(GstElement* source) {
  Recorder recorder;
  recorder.pipeline = gst_pipeline_new(nullptr);
  gst_bin_add(GST_BIN(recorder.pipeline), source);
  GstPad* pad = gst_element_get_static_pad(source, "src");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, onBytes, &recorder, nullptr);
  onPad(source, pad, &recorder);
  gst_object_unref(pad);
  return run(source, &recorder);
}

GstElement* makeSource(const std::string& url, const std::string& stream) {
  GstElement* source = gst_element_factory_make("kvsarchivesrc", nullptr);
  g_assert_nonnull(source);
  g_object_set(source, "endpoint-url", url.c_str(), "aws-region", "us-east-1", "access-key",
               kAccessKey, "secret-key", kSecretKey, "stream-name", stream.c_str(),
               "start-timestamp", "0", "end-timestamp", "2100-01-01T00:00:00Z", nullptr);
  return source;
}

}  // namespace kvsarchive::test
