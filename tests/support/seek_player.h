// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <map>
#include <string>

#include "support/emulator_process.h"
#include "support/player.h"
#include "support/track_recorder.h"

namespace kvsarchive::test {

/// source ! matroskademux ! queue ! fakesink for each track, to be sought in.
class SeekPlayer {
 public:
  /// `source` is taken over.
  explicit SeekPlayer(GstElement* source);
  ~SeekPlayer();
  SeekPlayer(const SeekPlayer&) = delete;
  SeekPlayer& operator=(const SeekPlayer&) = delete;

  GstElement* pipeline() const { return pipeline_; }
  GstElement* source() const { return source_; }

  /// PAUSED, with the first frames in the sinks. False if that takes 20 s, or fails.
  bool preroll();
  /// A seek from all sinks to `ms`, in PAUSED. Does not wait.
  bool seek(int64_t ms, int flags = GST_SEEK_FLAG_FLUSH | GST_SEEK_FLAG_KEY_UNIT, double rate = 1);
  /// Sinks have frames again, or the end.
  bool settle();
  /// PLAYING, as fast as it goes, until EOS or an error, or for 30 s.
  /// Tracks are what came since the last seek.
  Played playToEnd();
  /// Until `count` frames came out since the last seek.
  bool playFrames(size_t count);
  size_t frames() const;
  std::map<std::string, PlayedTrack> tracks() const { return recorder_.tracks(); }
  /// BYTES seeks that the source has followed.
  int byteSeeks() const { return flushes_; }

 private:
  static void onPad(GstElement* demux, GstPad* pad, gpointer data);

  void play();
  static void onAllPads(GstElement* demux, gpointer data);

  GstElement* pipeline_;
  GstElement* source_;
  TrackRecorder recorder_;
  bool playing_ = false;
  std::atomic<bool> allPads_{false};
  std::atomic<int> flushes_{0};  ///< of the source
};

/// What is to come out of a seek: all from the fragment that covers `ms` on, every frame with its
/// bytes, its time and its wall clock as without any seek. `fromMs`: time of the media that is to
/// be first, or later than all of it.
void expectFrom(const Manifest& manifest, const Played& played, int64_t ms);

/// Where a seek lands by the document's cues.
int64_t cueBefore(int64_t ms, int64_t stepMs = 1000);

}  // namespace kvsarchive::test
