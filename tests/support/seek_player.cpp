// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/seek_player.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace kvsarchive::test {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;

/// By media type.
const std::map<std::string, const char*> kDecoders = {
    {"video/x-h264", "h264parse ! avdec_h264"},
    {"video/x-h265", "h265parse ! avdec_h265"},
    {"audio/mpeg", "aacparse ! avdec_aac"},
    {"audio/x-alaw", "alawdec"},
    {"audio/x-mulaw", "mulawdec"},
};

GstPadProbeReturn countFlushes(GstPad*, GstPadProbeInfo* info, gpointer data) {
  if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_FLUSH_START) {
    ++*static_cast<std::atomic<int>*>(data);
  }
  return GST_PAD_PROBE_OK;
}

std::vector<Manifest::Fragment> inOrder(const Manifest& manifest) {
  auto fragments = manifest.fragments;
  std::stable_sort(fragments.begin(), fragments.end(),
                   [](const auto& a, const auto& b) { return a.producerMs < b.producerMs; });
  return fragments;
}

int64_t originOf(const Manifest& manifest, const Manifest::Fragment& first) {
  int64_t origin = INT64_MAX;
  for (const auto& frame : manifest.frames) {
    origin = frame.fragment == first.number ? std::min(origin, frame.timeMs) : origin;
  }
  return origin;
}

}  // namespace

SeekPlayer::SeekPlayer(GstElement* source, const char* demuxer, bool decoders)
    : pipeline_(gst_pipeline_new(nullptr)),
      source_(GST_ELEMENT(gst_object_ref(source))),
      decoders_(decoders) {
  demuxer_ = gst_element_factory_make(demuxer, nullptr);
  connect(demuxer_);
  // So that the probe is not at the source.
  GstElement* identity = gst_element_factory_make("identity", nullptr);
  gst_bin_add_many(GST_BIN(pipeline_), source, identity, demuxer_, nullptr);
  gst_element_link_many(source, identity, demuxer_, nullptr);
  GstPad* pad = gst_element_get_static_pad(identity, "src");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_FLUSH, countFlushes, &flushes_, nullptr);
  gst_object_unref(pad);
}

SeekPlayer::SeekPlayer(const char* player, const std::string& uri) : pipeline_(nullptr) {
  GstElement* element = gst_element_factory_make(player, nullptr);
  g_object_set(element, "uri", uri.c_str(), nullptr);
  g_signal_connect(element, "source-setup", G_CALLBACK(onSource), this);
  if (GST_IS_PIPELINE(element)) {
    pipeline_ = GST_ELEMENT(gst_object_ref_sink(element));
    g_object_set(pipeline_, "video-sink", makeSink("video_0"), "audio-sink", makeSink("audio_0"),
                 nullptr);
    allPads_ = true;
  } else {
    pipeline_ = gst_pipeline_new(nullptr);
    gst_bin_add(GST_BIN(pipeline_), element);
    connect(element);
  }
}

void SeekPlayer::connect(GstElement* demux) {
  g_signal_connect(demux, "pad-added", G_CALLBACK(onPad), this);
  g_signal_connect(demux, "no-more-pads", G_CALLBACK(onAllPads), this);
  // Decodebin3 has no signal for it.
  GstBus* bus = gst_element_get_bus(pipeline_);
  gst_bus_enable_sync_message_emission(bus);
  g_signal_connect(bus, "sync-message::streams-selected", G_CALLBACK(onStreams), this);
  gst_object_unref(bus);
}

void SeekPlayer::onStreams(GstBus*, GstMessage*, gpointer data) {
  static_cast<SeekPlayer*>(data)->allPads_ = true;
}

GstElement* SeekPlayer::makeSink(const char* track) {
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  g_object_set(sink, "sync", FALSE, nullptr);
  GstPad* pad = gst_element_get_static_pad(sink, "sink");
  recorder_.attach(pad, track);
  gst_object_unref(pad);
  return sink;
}

void SeekPlayer::onSource(GstElement*, GstElement* source, gpointer data) {
  static_cast<SeekPlayer*>(data)->source_ = GST_ELEMENT(gst_object_ref(source));
}

void SeekPlayer::onAllPads(GstElement*, gpointer data) {
  static_cast<SeekPlayer*>(data)->allPads_ = true;
}

SeekPlayer::~SeekPlayer() {
  gst_element_set_state(pipeline_, GST_STATE_NULL);
  gst_object_unref(pipeline_);
  gst_clear_object(&source_);
}

void SeekPlayer::onPad(GstElement*, GstPad* pad, gpointer data) {
  auto* player = static_cast<SeekPlayer*>(data);
  g_autofree gchar* name = gst_pad_get_name(pad);
  GstPad* out = player->decoders_ ? player->decode(pad) : GST_PAD(gst_object_ref(pad));
  player->recorder_.attach(out, name);
  GstElement* queue = gst_element_factory_make("queue", nullptr);
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  g_object_set(queue, "max-size-time", G_GUINT64_CONSTANT(0), "max-size-bytes", 0,
               "max-size-buffers", 0, nullptr);
  g_object_set(sink, "sync", FALSE, nullptr);
  gst_bin_add_many(GST_BIN(player->pipeline_), queue, sink, nullptr);
  gst_element_link(queue, sink);
  gst_element_sync_state_with_parent(sink);
  gst_element_sync_state_with_parent(queue);
  GstPad* sinkPad = gst_element_get_static_pad(queue, "sink");
  gst_pad_link(out, sinkPad);
  gst_object_unref(sinkPad);
  gst_object_unref(out);
}

GstPad* SeekPlayer::decode(GstPad* pad) {
  GstCaps* caps = gst_pad_get_current_caps(pad);
  const std::string media = gst_structure_get_name(gst_caps_get_structure(caps, 0));
  gst_caps_unref(caps);
  GstElement* bin = gst_parse_bin_from_description(kDecoders.at(media), TRUE, nullptr);
  gst_bin_add(GST_BIN(pipeline_), bin);
  gst_element_sync_state_with_parent(bin);
  GstPad* in = gst_element_get_static_pad(bin, "sink");
  gst_pad_link(pad, in);
  gst_object_unref(in);
  return gst_element_get_static_pad(bin, "src");
}

bool SeekPlayer::preroll() {
  gst_element_set_state(pipeline_, GST_STATE_PAUSED);
  const gint64 deadline = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND;
  while (!allPads_ && g_get_monotonic_time() < deadline) {
    g_usleep(1000);
  }
  return settle();
}

bool SeekPlayer::settle() {
  return gst_element_get_state(pipeline_, nullptr, nullptr, 20 * GST_SECOND) ==
         GST_STATE_CHANGE_SUCCESS;
}

bool SeekPlayer::seek(int64_t ms, int flags, double rate) {
  if (std::exchange(playing_, false)) {
    // An EOS of before the seek would be taken for the one behind it.
    gst_element_set_state(pipeline_, GST_STATE_PAUSED);
    GstBus* bus = gst_element_get_bus(pipeline_);
    while (GstMessage* message = gst_bus_pop_filtered(bus, GST_MESSAGE_EOS)) {
      gst_message_unref(message);
    }
    gst_object_unref(bus);
  }
  return gst_element_seek(pipeline_, rate, GST_FORMAT_TIME, static_cast<GstSeekFlags>(flags),
                          GST_SEEK_TYPE_SET, ms * kNanosPerMilli, GST_SEEK_TYPE_NONE, -1) != FALSE;
}

size_t SeekPlayer::frames() const {
  size_t frames = 0;
  for (const auto& [name, track] : recorder_.tracks()) {
    frames += track.frames.size();
  }
  return frames;
}

void SeekPlayer::play() {
  playing_ = true;
  gst_element_set_state(pipeline_, GST_STATE_PLAYING);
}

bool SeekPlayer::playFrames(size_t count) {
  play();
  const gint64 deadline = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND;
  while (frames() < count && g_get_monotonic_time() < deadline) {
    g_usleep(1000);
  }
  return frames() >= count;
}

Played SeekPlayer::playToEnd() {
  Played played;
  play();
  GstBus* bus = gst_element_get_bus(pipeline_);
  const gint64 deadline = g_get_monotonic_time() + 30 * G_TIME_SPAN_SECOND;
  while (!played.eos && !played.error && g_get_monotonic_time() < deadline) {
    GstMessage* message = gst_bus_timed_pop_filtered(
        bus, GST_SECOND,
        static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING));
    if (message != nullptr) {
      readMessage(message, &played);
      gst_message_unref(message);
    }
  }
  gst_object_unref(bus);
  played.tracks = recorder_.tracks();
  readProperties(source_, &played);
  return played;
}

int64_t cueBefore(int64_t ms, int64_t stepMs) { return ms / stepMs * stepMs; }

void expectFrom(const Manifest& manifest, const Played& played, int64_t ms) {
  ASSERT_FALSE(played.error) << played.error->message << " / " << played.error->debug;
  ASSERT_TRUE(played.eos);
  const auto fragments = inOrder(manifest);
  const int64_t origin = originOf(manifest, fragments.front());
  size_t begin = 0;
  while (begin < fragments.size() && fragments[begin].producerMs <= origin + ms) {
    ++begin;
  }
  // Listed lengths can be too short, so what ends a little earlier by its length is read as well.
  constexpr int64_t kSlackMs = 1000;
  if (begin > 0 &&
      fragments[begin - 1].producerMs + fragments[begin - 1].lengthMs + kSlackMs > origin + ms) {
    --begin;
  }
  std::map<std::string, std::vector<Manifest::Frame>> expected;
  for (size_t i = begin; i < fragments.size(); ++i) {
    for (const auto& frame : manifest.frames) {
      if (frame.fragment == fragments[i].number) {
        expected[frame.trackType].push_back(frame);
      }
    }
  }
  size_t count = 0;
  for (const auto& [type, frames] : expected) {
    SCOPED_TRACE(type);
    const PlayedTrack* track = played.first(type == "video");
    ASSERT_NE(track, nullptr);
    ASSERT_EQ(track->frames.size(), frames.size());
    for (size_t i = 0; i < frames.size(); ++i) {
      ASSERT_EQ(track->frames[i].sha256, frames[i].sha256) << "frame " << i;
      ASSERT_EQ(track->frames[i].ptsNs, (frames[i].timeMs - origin) * kNanosPerMilli)
          << "frame " << i;
      ASSERT_EQ(track->frames[i].wallNs, frames[i].timeMs * kNanosPerMilli) << "frame " << i;
      ASSERT_EQ(track->frames[i].key, frames[i].key) << "frame " << i;
    }
    EXPECT_EQ(track->segments, 1);
    EXPECT_EQ(track->events.size(), fragments.size() - begin);
    EXPECT_EQ(track->events.front().number, fragments[begin].number);
    count += frames.size();
  }
  EXPECT_EQ(played.frames(), count);
}

}  // namespace kvsarchive::test
