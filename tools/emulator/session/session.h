// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

#include "archive/stream.h"
#include "session/session_options.h"
#include "session/session_timeline.h"
#include "session/session_tracks.h"

namespace kvsemulator {

/// One HLS or DASH streaming session.
struct Session {
  Session(const Stream& played, const SessionOptions& asked, int64_t nowMs)
      : stream(played), options(asked), createdMs(nowMs), timeline(played, options, nowMs) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const Stream& stream;
  const SessionOptions options;
  const int64_t createdMs;
  std::string basePath;  ///< of the data endpoint that its URL leads to
  std::string token;     ///< the secret in its URLs
  TrackMap tracks;       ///< that are served, as the first fragment has them
  SessionTimeline timeline;
};

}  // namespace kvsemulator
