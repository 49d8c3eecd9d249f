// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kvsarchive::test {

/// One buffer that came out of a pad: of the demuxer, or of a decoder.
struct PlayedFrame {
  int64_t ptsNs = -1;
  int64_t runningNs = -1;        ///< running time, by the pad's last segment; -1 = outside of it
  int64_t wallNs = -1;           ///< reference timestamp of caps timestamp/x-unix, -1 = none
  std::vector<int64_t> wallsNs;  ///< all of them
  int64_t durationNs = -1;
  int painted = -1;  ///< of a raw picture: the number painted into it
  bool key = false;
  size_t size = 0;
  std::string sha256;
};

/// Content of a kvs-fragment event or message.
struct PlayedFragment {
  std::string number;
  uint64_t producerNs = 0;
  uint64_t serverNs = 0;
  uint64_t originNs = 0;
  uint64_t ptsNs = 0;
  uint64_t durationNs = 0;
  uint64_t size = 0;
  int64_t shiftNs = 0;
  bool discont = false;
  std::map<std::string, std::string> tags;
  size_t framesBefore = 0;  ///< buffers of the pad that came before the event
};

/// One pad of the demuxer.
struct PlayedTrack {
  std::vector<std::string> caps;  ///< in order, as text
  std::vector<PlayedFrame> frames;
  std::vector<PlayedFragment> events;
  int segments = 0;
  GstSegment segment{};  ///< the last

  bool isVideo() const { return !caps.empty() && caps.front().compare(0, 5, "video") == 0; }
};

struct PlayedError {
  std::string domain;
  int code = 0;
  std::string message;
  std::string debug;
  std::map<std::string, std::string> details;  ///< values as text
};

struct Played {
  bool eos = false;
  std::vector<std::string> errors;   ///< names of the elements that posted one
  std::optional<PlayedError> error;  ///< the first
  std::vector<std::string> warnings;
  std::vector<std::string> progress;  ///< "start open", "complete open" ...
  std::vector<PlayedFragment> fragmentMessages;
  std::map<std::string, PlayedTrack> tracks;  ///< by pad name
  std::string document;                       ///< of playDocument(): all bytes
  std::map<std::string, uint64_t> stats;
  uint64_t originNs = 0;

  const PlayedTrack* first(bool video) const;
  size_t frames() const;
  /// Error messages of the source; others are the demuxer's, about the end of its input.
  size_t sourceErrors() const;
};

/// Plays `source` (made by the caller, taken over) through `demuxer` to its end, as fast as it
/// goes, and tells all that came out. Gives up after a minute, with neither eos nor error.
Played play(GstElement* source, const char* demuxer = "matroskademux");

/// Plays `source` (taken over) without a demuxer: its buffers are the frames of the only track,
/// "src", the document's header being the first.
Played playDocument(GstElement* source);

/// Notes what a message of the bus says. False once the run is over.
bool readMessage(GstMessage* message, Played* played);
/// Notes a kvsarchivesrc's statistics and origin.
void readProperties(GstElement* source, Played* played);

/// A kvsarchivesrc for the emulator at `url`, with keys, region, stream and a range that holds all
/// of any recording.
GstElement* makeSource(const std::string& url, const std::string& stream);

}  // namespace kvsarchive::test
