// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/dash_manifest.h"

#include <cmath>

#include "base/wall_clock.h"
#include "media/codec.h"
#include "session/presentation.h"

namespace kvsemulator {
namespace {

using Item = SessionTimeline::Item;

std::string attribute(const std::string& name, const std::string& value) {
  std::string escaped;
  for (const char c : value) {
    escaped += c == '&' ? "&amp;" : std::string(1, c);
  }
  return " " + name + "=\"" + escaped + "\"";
}

std::string attribute(const std::string& name, int64_t value) {
  return attribute(name, std::to_string(value));
}

class ManifestWriter {
 public:
  explicit ManifestWriter(const Session& session)
      : session_(session),
        items_(session.timeline.items()),
        begin_(session.timeline.windowBegin()) {}

  std::string write(int64_t nowMs) {
    text_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MPD";
    text_ += attribute("xmlns", "urn:mpeg:dash:schema:mpd:2011");
    text_ += attribute("xmlns:kvs", "urn:kvs-emulator:kvs");
    text_ += attribute("profiles", "urn:mpeg:dash:profile:isoff-live:2011");
    text_ += attribute("minBufferTime", duration(session_.timeline.longestMs()));
    if (session_.timeline.ended()) {
      const Item& last = items_.back();
      text_ += attribute("type", "static");
      text_ += attribute("mediaPresentationDuration", duration(last.startMs + last.lengthMs));
    } else {
      liveAttributes(nowMs);
    }
    text_ += ">\n<Period" + attribute("id", 1) + attribute("start", "PT0S") + ">\n";
    for (const auto& [number, track] : session_.tracks) {
      adaptationSet(number, track);
    }
    return text_ + "</Period>\n</MPD>\n";
  }

 private:
  static std::string duration(int64_t ms) { return "PT" + formatSeconds(ms) + "S"; }

  /// The first fragment is available when it has ended on the server's clock; in
  /// a replay, when the session begins.
  void liveAttributes(int64_t nowMs) {
    const Item& first = items_.front();
    const int64_t start = session_.options.mode == PlaybackMode::kLive
                              ? first.entry.info().serverMs
                              : session_.createdMs - session_.timeline.leadMs();
    text_ += attribute("type", "dynamic");
    text_ += attribute("availabilityStartTime", formatIso8601(start));
    text_ += attribute("publishTime", formatIso8601(nowMs));
    text_ += attribute("minimumUpdatePeriod", "PT1S");
    int64_t window = 0;
    for (size_t i = begin_; i < items_.size(); ++i) {
      window += items_[i].lengthMs;
    }
    text_ += attribute("timeShiftBufferDepth", duration(window));
  }

  void adaptationSet(int number, const Track& track) {
    const bool isVideo = track.type == TrackType::kVideo;
    const Presentation presentation = describe(session_);
    const std::string trackParameter = "TrackNumber=" + std::to_string(number);
    text_ += "<AdaptationSet" + attribute("id", number) +
             attribute("contentType", isVideo ? "video" : "audio") +
             attribute("mimeType", isVideo ? "video/mp4" : "audio/mp4") +
             attribute("segmentAlignment", "true") + attribute("startWithSAP", 1) + ">\n";
    text_ +=
        "<SegmentTemplate" + attribute("timescale", 1000) +
        attribute("startNumber", items_[begin_].sequence) +
        attribute("initialization", childUrl(session_, "getMP4InitFragment.mp4", trackParameter)) +
        attribute("media", childUrl(session_, "getMP4MediaFragment.mp4",
                                    "FragmentNumber=$Number$&" + trackParameter)) +
        ">\n<SegmentTimeline>\n";
    for (size_t i = begin_; i < items_.size(); ++i) {
      segment(items_[i]);
    }
    text_ += "</SegmentTimeline>\n</SegmentTemplate>\n<Representation" + attribute("id", number) +
             attribute("codecs", codecName(track)) +
             attribute("bandwidth", presentation.bitsPerSecond);
    if (isVideo) {
      text_ +=
          attribute("width", track.width) + attribute("height", track.height) +
          attribute("frameRate",
                    std::to_string(std::llround(presentation.framesPerSecond * 1000)) + "/1000");
    } else {
      text_ += attribute("audioSamplingRate", track.sampleRate);
    }
    text_ += "/>\n</AdaptationSet>\n";
  }

  void segment(const Item& item) {
    const FragmentInfo& info = item.entry.info();
    text_ += "<S" + attribute("t", item.startMs) + attribute("d", item.lengthMs);
    if (session_.options.showsTimestamps) {
      text_ += attribute("kvs:ts", formatSeconds(session_.options.clockMs(info)));
    }
    if (session_.options.showsNumbers) {
      text_ += attribute("kvs:fn", info.number);
    }
    text_ += "/>\n";
  }

  const Session& session_;
  const std::vector<Item>& items_;
  const size_t begin_;
  std::string text_;
};

}  // namespace

std::string dashManifest(const Session& session, int64_t nowMs) {
  return ManifestWriter(session).write(nowMs);
}

}  // namespace kvsemulator
