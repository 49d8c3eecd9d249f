// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "support/player.h"
#include "support/stats.h"
#include "support/track_recorder.h"

namespace kvsarchive::test {

enum class Scheduling { kPull, kPush };
constexpr Scheduling kSchedulings[] = {Scheduling::kPull, Scheduling::kPush};

/// source ! qtdemux ! queue ! fakesink for each track; a queue in front of the demuxer makes the
/// source push.
class ClipPlayer {
 public:
  /// `source` is taken over.
  ClipPlayer(GstElement* source, Scheduling scheduling);
  ~ClipPlayer();
  ClipPlayer(const ClipPlayer&) = delete;
  ClipPlayer& operator=(const ClipPlayer&) = delete;

  GstElement* pipeline() const { return pipeline_; }
  GstElement* source() const { return source_; }

  /// PAUSED, with the first frames in the sinks. False if that takes 20 s, or fails.
  bool preroll();
  /// A flushing seek in PAUSED to the key frame before. False if that fails.
  bool seek(int64_t ms);
  /// PLAYING, as fast as it goes, until EOS or an error, or for 30 s. Tracks are what came since
  /// the last seek.
  Played playToEnd();

 private:
  static void onPad(GstElement* demux, GstPad* pad, gpointer data);
  static void onAllPads(GstElement* demux, gpointer data);
  bool settle();

  GstElement* pipeline_;
  GstElement* source_;
  TrackRecorder recorder_;
  std::atomic<bool> allPads_{false};
};

/// A kvsclipsrc for the service at `url`, with keys, region, stream and the range of an hour from
/// 2026-03-01T10:00:00Z on.
GstElement* makeClipSource(const std::string& url, const std::string& stream = "cam1");

/// Time and checksum of each frame, by the track's type.
using Frames = std::map<std::string, std::vector<std::pair<int64_t, std::string>>>;
Frames framesOf(const Played& played);
/// What is in the file, as qtdemux sees it behind a filesrc.
Frames framesOfMp4(const std::string& mp4);

/// A run of source ! fakesink to its end.
struct PushedClip {
  Played played;
  std::string bytes;
  std::vector<size_t> disconts;         ///< places in bytes
  std::vector<std::string> boundaries;  ///< structures of kvs-clip-boundary
  Fields stats;                         ///< at the end
};
/// `source` is taken over.
PushedClip pushClip(GstElement* source);

}  // namespace kvsarchive::test
