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

/// source ! matroskademux ! queue ! fakesink for each track, or a whole player, to be sought in.
class SeekPlayer {
 public:
  /// `source` is taken over. `demuxer`: or decodebin, decodebin3. With `decoders` each of the
  /// demuxer's tracks is parsed and decoded, and what comes out of decoders is recorded.
  explicit SeekPlayer(GstElement* source, const char* demuxer = "matroskademux",
                      bool decoders = false);
  /// playbin, playbin3, uridecodebin or uridecodebin3, with sinks that take what comes.
  SeekPlayer(const char* player, const std::string& uri);
  ~SeekPlayer();
  SeekPlayer(const SeekPlayer&) = delete;
  SeekPlayer& operator=(const SeekPlayer&) = delete;

  GstElement* pipeline() const { return pipeline_; }
  GstElement* source() const { return source_; }
  /// Null for a whole player.
  GstElement* demuxer() const { return demuxer_; }

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
  static void onSource(GstElement* player, GstElement* source, gpointer data);

  /// Calls back for each track, and for the source.
  void connect(GstElement* demux);
  GstElement* makeSink(const char* track);
  /// Plugs what decodes the pad's media. The pad that raw media comes from, to be unreferenced.
  GstPad* decode(GstPad* pad);
  void play();
  static void onStreams(GstBus* bus, GstMessage* selected, gpointer data);
  static void onAllPads(GstElement* demux, gpointer data);

  GstElement* pipeline_;
  GstElement* source_ = nullptr;
  GstElement* demuxer_ = nullptr;  ///< the pipeline has it
  bool decoders_ = false;
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
