// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <functional>
#include <string>
#include <vector>

#include "support/player.h"

namespace kvsarchive::test {

/// What became of a session that was played.
struct PlayedSession : Played {
  guint64 manifestBytes = 0;
  guint64 expiresAt = 0;
  std::string uri;  ///< of playToSink(): what a URI query was answered
  std::string uriRedirection;
};

/// When to stop ahead of end and error, told the number of frames so far.
using EnoughFrames = std::function<bool(size_t frames)>;

/// Plays `source` (made by the caller, taken over) with an adaptive demuxer, as fast as it goes,
/// and tells all elementary streams that come out, by the names of their pads. Gives up after half
/// a minute, with neither eos nor error.
PlayedSession playSession(GstElement* source, const char* demuxer,
                          const EnoughFrames& enough = nullptr);

/// Plays `source` (taken over) to a fakesink: its track is "src", `document` the manifest.
PlayedSession playToSink(GstElement* source);

/// A kvssessionsrc for the emulator at `url`, with keys, region and stream.
GstElement* makeSessionSource(const std::string& url, const std::string& stream,
                              const char* protocol);

}  // namespace kvsarchive::test
