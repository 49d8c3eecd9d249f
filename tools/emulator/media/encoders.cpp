// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/encoders.h"

#include <algorithm>
#include <cmath>

#include "media/picture_painter.h"

namespace kvsemulator {
namespace {

constexpr int kG711Rate = 8000;
constexpr int kAacRate = 48000;
constexpr int kBlockMs = 20;

std::string videoElements(const VideoJob& job) {
  const std::string interval = std::to_string(job.keyInterval);
  const std::string bFrames = std::to_string(job.bFrames);
  const std::string common = "scenecut=0:keyint=" + interval + ":min-keyint=" + interval +
                             ":open-gop=0:bframes=" + bFrames + ":b-adapt=0";
  if (job.codec == VideoCodec::kH265) {
    return "x265enc speed-preset=ultrafast log-level=none option-string=\"" + common +
           "\" ! h265parse ! video/x-h265,stream-format=hvc1,alignment=au";
  }
  return "x264enc speed-preset=ultrafast quantizer=23 pass=quant threads=2 "
         "key-int-max=" +
         interval + " bframes=" + bFrames + " b-adapt=false option-string=\"" + common +
         "\" ! h264parse ! video/x-h264,stream-format=avc,alignment=au";
}

bool haveElement(const char* name) {
  GstElementFactory* factory = gst_element_factory_find(name);
  if (factory) {
    gst_object_unref(factory);
  }
  return factory != nullptr;
}

std::string audioElements(AudioCodec codec) {
  switch (codec) {
    case AudioCodec::kAlaw:
      return "alawenc";
    case AudioCodec::kMulaw:
      return "mulawenc";
    case AudioCodec::kAac:
      break;
  }
  const std::string encoder = haveElement("avenc_aac") ? "avenc_aac" : "voaacenc";
  return "audioconvert ! " + encoder +
         " bitrate=64000 ! aacparse ! "
         "audio/mpeg,mpegversion=4,stream-format=raw";
}

int rateOf(AudioCodec codec) { return codec == AudioCodec::kAac ? kAacRate : kG711Rate; }

GstBuffer* newBuffer(size_t size, GstClockTime pts, GstClockTime duration) {
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, size, nullptr);
  GST_BUFFER_PTS(buffer) = pts;
  GST_BUFFER_DURATION(buffer) = duration;
  return buffer;
}

double sampleAt(int64_t index, int rate, int toneHz) {
  const double seconds = static_cast<double>(index) / rate;
  const bool beep = index % rate < rate / 10;
  const double frequency = beep ? 2.0 * toneHz : toneHz;
  return (beep ? 0.5 : 0.05) * std::sin(2 * G_PI * frequency * seconds);
}

}  // namespace

Result<EncodedTrack> encodeVideo(const VideoJob& job) {
  const PicturePainter painter(job.width, job.height);
  const std::string caps = "video/x-raw,format=I420,width=" + std::to_string(job.width) +
                           ",height=" + std::to_string(job.height) +
                           ",framerate=" + std::to_string(job.fps) + "/1";
  int next = 0;
  const auto source = [&]() -> GstBuffer* {
    if (next == job.frames) {
      return nullptr;
    }
    const auto at = static_cast<guint64>(next);
    const auto fps = static_cast<guint64>(job.fps);
    GstBuffer* buffer = newBuffer(painter.size(), at * GST_SECOND / fps, GST_SECOND / fps);
    GstMapInfo map;
    gst_buffer_map(buffer, &map, GST_MAP_WRITE);
    painter.paint(map.data, job.firstFrame + next, job.timeMs(next));
    gst_buffer_unmap(buffer, &map);
    ++next;
    return buffer;
  };
  return runEncoder(videoElements(job), caps, source);
}

Result<EncodedTrack> encodeAudio(const AudioJob& job) {
  const int rate = rateOf(job.codec);
  const std::string caps =
      "audio/x-raw,format=S16LE,layout=interleaved,channels=1,rate=" + std::to_string(rate);
  const int64_t total = job.durationNs * rate / 1'000'000'000;
  int64_t next = 0;
  const auto source = [&]() -> GstBuffer* {
    const int64_t count = std::min<int64_t>(rate * kBlockMs / 1000, total - next);
    if (count <= 0) {
      return nullptr;
    }
    const auto toTime = [&](int64_t samples) {
      return static_cast<GstClockTime>(samples * 1'000'000'000 / rate);
    };
    GstBuffer* buffer = newBuffer(static_cast<size_t>(count) * 2, toTime(next), toTime(count));
    GstMapInfo map;
    gst_buffer_map(buffer, &map, GST_MAP_WRITE);
    auto* samples = reinterpret_cast<int16_t*>(map.data);
    for (int64_t i = 0; i < count; ++i) {
      samples[i] = static_cast<int16_t>(32767 * sampleAt(next + i, rate, job.toneHz));
    }
    gst_buffer_unmap(buffer, &map);
    next += count;
    return buffer;
  };
  return runEncoder(audioElements(job.codec), caps, source);
}

}  // namespace kvsemulator
