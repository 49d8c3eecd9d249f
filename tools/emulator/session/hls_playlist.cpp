// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/hls_playlist.h"

#include <algorithm>
#include <cstdio>

#include "base/wall_clock.h"
#include "session/presentation.h"

namespace kvsemulator {
namespace {

using Item = SessionTimeline::Item;

std::string trackParameter(int track) {
  return track == 0 ? "" : "TrackNumber=" + std::to_string(track);
}

std::string mediaPlaylistUrl(const Session& session, int track) {
  return childUrl(session, "getHLSMediaPlaylist.m3u8", trackParameter(track));
}

std::string segmentUrl(const Session& session, const Item& item, int track) {
  std::string parameters = "FragmentNumber=" + item.entry.info().number;
  if (track == 0) {
    return childUrl(session, "getTSFragment.ts", parameters);
  }
  return childUrl(session, "getMP4MediaFragment.mp4", parameters + "&" + trackParameter(track));
}

int64_t discontinuitiesBefore(const std::vector<Item>& items, size_t end) {
  return std::count_if(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(end),
                       [](const Item& item) { return item.discontinuity; });
}

}  // namespace

std::string hlsMasterPlaylist(const Session& session) {
  const Presentation presentation = describe(session);
  const auto* video = trackOf(session, TrackType::kVideo);
  const auto* audio = trackOf(session, TrackType::kAudio);
  const bool separateAudio = video && audio && !session.options.transportStream;
  std::string text = "#EXTM3U\n#EXT-X-VERSION:1\n";
  if (separateAudio) {
    text +=
        "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"audio\",DEFAULT=YES,AUTOSELECT=YES,"
        "URI=\"" +
        mediaPlaylistUrl(session, audio->first) + "\"\n";
  }
  text += "#EXT-X-STREAM-INF:CODECS=\"" + codecNames(session) +
          "\",BANDWIDTH=" + std::to_string(presentation.bitsPerSecond);
  if (video) {
    char rate[32];
    std::snprintf(rate, sizeof rate, "%.3f", presentation.framesPerSecond);
    text += ",RESOLUTION=" + std::to_string(video->second.width) + "x" +
            std::to_string(video->second.height) + ",FRAME-RATE=" + rate;
  }
  text += separateAudio ? ",AUDIO=\"audio\"\n" : "\n";
  const int track = session.options.transportStream ? 0 : session.tracks.begin()->first;
  const int variant = video && track != 0 ? video->first : track;
  return text + mediaPlaylistUrl(session, variant) + "\n";
}

std::string hlsMediaPlaylist(const Session& session, int track) {
  const SessionOptions& options = session.options;
  const std::vector<Item>& items = session.timeline.items();
  const size_t begin = session.timeline.windowBegin();
  std::string text = "#EXTM3U\n#EXT-X-VERSION:7\n";
  if (options.mode == PlaybackMode::kOnDemand) {
    text += "#EXT-X-PLAYLIST-TYPE:VOD\n";
  }
  text += "#EXT-X-INDEPENDENT-SEGMENTS\n";
  text +=
      "#EXT-X-TARGETDURATION:" + std::to_string((session.timeline.longestMs() + 999) / 1000) + "\n";
  text += "#EXT-X-MEDIA-SEQUENCE:" + std::to_string(begin + 1) + "\n";
  if (options.mode != PlaybackMode::kOnDemand &&
      options.discontinuities != DiscontinuityMode::kNever) {
    text += "#EXT-X-DISCONTINUITY-SEQUENCE:" + std::to_string(discontinuitiesBefore(items, begin)) +
            "\n";
  }
  if (track != 0) {
    text += "#EXT-X-MAP:URI=\"" +
            childUrl(session, "getMP4InitFragment.mp4", trackParameter(track)) + "\"\n";
  }
  for (size_t i = begin; i < items.size(); ++i) {
    if (items[i].discontinuity) {
      text += "#EXT-X-DISCONTINUITY\n";
    }
    if (options.showsTimestamps) {
      text += "#EXT-X-PROGRAM-DATE-TIME:" + formatIso8601(options.clockMs(items[i].entry.info())) +
              "\n";
    }
    text += "#EXTINF:" + formatSeconds(items[i].lengthMs) + ",\n";
    text += segmentUrl(session, items[i], track) + "\n";
  }
  if (session.timeline.ended()) {
    text += "#EXT-X-ENDLIST\n";
  }
  return text;
}

}  // namespace kvsemulator
