// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/mp4_muxer.h"

#include <gio/gio.h>
#include <gst/app/gstappsrc.h>

#include <algorithm>

#include "base/digest.h"
#include "clip/codec_rules.h"
#include "clip/decode_times.h"
#include "clip/g711_line.h"
#include "media/encode_pipeline.h"

namespace kvsemulator {
namespace {

constexpr int64_t kNsPerSecond = 1'000'000'000;
constexpr GstClockTime kOrigin = 3600 * GST_SECOND;  // decoding times may be before the start
constexpr GstClockTime kTimeout = 60 * GST_SECOND;
constexpr int64_t kMaxUnits = UINT32_MAX;  // of a sample's duration

/// Units a second in which all times of the frames are whole numbers: what the
/// service knows is milliseconds, some layouts are finer.
int64_t timescaleFor(const ClipMedia& media) {
  int64_t scale = 1000;
  int64_t endNs = 0;
  for (const ClipTrack& track : media.tracks) {
    for (const Frame& frame : track.frames) {
      while (frame.timeNs % (kNsPerSecond / scale) != 0 && scale < 100'000) {
        scale *= 10;
      }
      endNs = std::max(endNs, frame.timeNs);
    }
  }
  while (endNs / (kNsPerSecond / scale) > kMaxUnits) {
    scale /= 10;
  }
  return scale;
}

std::string codecData(const Track& track) {
  return ",codec_data=(buffer)" + toHex(track.codecPrivate);
}

std::string capsOf(const Track& track) {
  if (isG711(track)) {
    return std::string(isAlaw(track) ? "audio/x-alaw" : "audio/x-mulaw") +
           ",rate=" + std::to_string(g711Rate(track)) +
           ",channels=" + std::to_string(g711Channels(track));
  }
  if (track.codecId == "A_AAC") {
    return "audio/mpeg,mpegversion=4,stream-format=raw,framed=true,rate=" +
           std::to_string(track.sampleRate) + ",channels=" + std::to_string(track.channels) +
           codecData(track);
  }
  return std::string(track.codecId == "V_MPEG4/ISO/AVC" ? "video/x-h264,stream-format=avc"
                                                        : "video/x-h265,stream-format=hvc1") +
         ",alignment=au,width=" + std::to_string(track.width) +
         ",height=" + std::to_string(track.height) + codecData(track);
}

int64_t durationOf(const std::vector<Frame>& frames, size_t index) {
  if (index + 1 < frames.size()) {
    return frames[index + 1].orderNs - frames[index].orderNs;
  }
  return index > 0 ? frames[index].orderNs - frames[index - 1].orderNs : 0;
}

/// Muxes one clip into memory.
class Muxer {
 public:
  Muxer(ClipMedia media, ClipLayout layout) : media_(std::move(media)), layout_(layout) {
    const bool g711 = std::any_of(media_.tracks.begin(), media_.tracks.end(),
                                  [](const ClipTrack& track) { return isG711(track.track); });
    fragmented_ = layout == ClipLayout::kFragmented && !g711;
    timescale_ = timescaleFor(media_);
    stream_ = g_memory_output_stream_new_resizable();
    pipeline_.reset(gst_pipeline_new(nullptr));
    mux_ = gst_element_factory_make(g711 ? "qtmux" : "mp4mux", nullptr);
    GstElement* sink = gst_element_factory_make("giostreamsink", nullptr);
    if (!mux_ || !sink) {
      return;
    }
    g_object_set(sink, "stream", stream_, "sync", FALSE, nullptr);
    g_object_set(mux_, "movie-timescale", static_cast<guint>(timescale_), nullptr);
    if (fragmented_) {
      g_object_set(mux_, "fragment-duration", 1000, nullptr);
    } else if (layout != ClipLayout::kMoovLast) {
      g_object_set(mux_, "faststart", TRUE, nullptr);
    }
    gst_bin_add_many(GST_BIN(pipeline_.get()), mux_, sink, nullptr);
    ready_ = gst_element_link(mux_, sink);
  }
  ~Muxer() { g_object_unref(stream_); }
  Muxer(const Muxer&) = delete;
  Muxer& operator=(const Muxer&) = delete;

  Result<std::string> run() {
    if (!ready_) {
      return failure("mp4mux, qtmux or giostreamsink is missing");
    }
    for (ClipTrack& track : media_.tracks) {
      if (!addTrack(track)) {
        return failure("mp4mux can't take " + capsOf(track.track));
      }
    }
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
    g_autoptr(GstBus) bus = gst_element_get_bus(pipeline_.get());
    g_autoptr(GstMessage) message = gst_bus_timed_pop_filtered(
        bus, kTimeout, static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS));
    if (!message) {
      return failure("muxing does not end");
    }
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
      g_autoptr(GError) error = nullptr;
      gst_message_parse_error(message, &error, nullptr);
      return failure(error->message);
    }
    pipeline_.reset();
    auto* memory = G_MEMORY_OUTPUT_STREAM(stream_);
    return std::string(static_cast<const char*>(g_memory_output_stream_get_data(memory)),
                       g_memory_output_stream_get_data_size(memory));
  }

 private:
  bool addTrack(ClipTrack& track) {
    const bool raw = isG711(track.track);
    std::vector<Frame>& frames = track.frames;
    if (raw) {
      frames = fillWithSilence(track.track, std::move(frames));
    }
    addDecodeTimes(frames, kNsPerSecond / timescale_, fragmented_);
    GstElement* source = gst_element_factory_make("appsrc", nullptr);
    gst_bin_add(GST_BIN(pipeline_.get()), source);
    g_autoptr(GstCaps) caps = gst_caps_from_string(capsOf(track.track).c_str());
    g_object_set(source, "format", GST_FORMAT_TIME, "caps", caps, "max-bytes",
                 G_GUINT64_CONSTANT(0), nullptr);
    g_autoptr(GstPad) to = gst_element_request_pad_simple(
        mux_, track.track.type == TrackType::kVideo ? "video_%u" : "audio_%u");
    // Samples of G.711 have no times but those that come of their rate.
    g_object_set(to, "trak-timescale", static_cast<guint>(raw ? g711Rate(track.track) : timescale_),
                 nullptr);
    g_autoptr(GstPad) from = gst_element_get_static_pad(source, "src");
    if (gst_pad_link(from, to) != GST_PAD_LINK_OK) {
      return false;
    }
    for (size_t i = 0; i < frames.size(); ++i) {
      push(source, frames[i], durationOf(frames, i));
    }
    gst_app_src_end_of_stream(GST_APP_SRC(source));
    return true;
  }

  static void push(GstElement* source, const Frame& frame, int64_t durationNs) {
    g_autoptr(GBytes) bytes = g_bytes_ref(frame.data.get());
    GstBuffer* buffer = gst_buffer_new_wrapped_bytes(bytes);
    GST_BUFFER_PTS(buffer) = kOrigin + static_cast<GstClockTime>(frame.timeNs);
    GST_BUFFER_DTS(buffer) =
        static_cast<GstClockTime>(static_cast<int64_t>(kOrigin) + frame.orderNs);
    GST_BUFFER_DURATION(buffer) = static_cast<GstClockTime>(durationNs);
    if (!frame.key) {
      GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    }
    gst_app_src_push_buffer(GST_APP_SRC(source), buffer);
  }

  ClipMedia media_;
  const ClipLayout layout_;
  bool fragmented_ = false;
  bool ready_ = false;
  int64_t timescale_ = 0;
  GOutputStream* stream_;
  GstElement* mux_ = nullptr;
  PipelinePtr pipeline_;  ///< stops before the stream that it writes to goes
};

}  // namespace

Result<std::string> muxMp4(ClipMedia media, ClipLayout layout) {
  return Muxer(std::move(media), layout).run();
}

}  // namespace kvsemulator
