// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "api/api_request.h"
#include "archive/stream.h"

namespace kvsemulator {

enum class SessionProtocol { kHls, kDash };
enum class PlaybackMode { kLive, kLiveReplay, kOnDemand };
enum class DiscontinuityMode { kAlways, kNever, kOnDiscontinuity };

/// What GetHLSStreamingSessionURL or GetDASHStreamingSessionURL asks for.
struct SessionOptions {
  SessionProtocol protocol = SessionProtocol::kHls;
  PlaybackMode mode = PlaybackMode::kLive;
  bool byServerTime = true;        ///< whose timestamps choose and place fragments
  std::optional<int64_t> startMs;  ///< none = LIVE
  std::optional<int64_t> endMs;
  bool transportStream = false;  ///< MPEG_TS instead of FRAGMENTED_MP4
  DiscontinuityMode discontinuities = DiscontinuityMode::kNever;
  bool showsTimestamps = false;
  bool showsNumbers = false;
  int64_t seconds = 300;  ///< until it expires
  int64_t maxFragments = 5;

  int64_t clockMs(const FragmentInfo& info) const {
    return byServerTime ? info.serverMs : info.producerMs;
  }
};

/// Reads them and checks what does not depend on the stream; what is wrong goes
/// into the request's error.
SessionOptions readSessionOptions(ApiRequest& request, SessionProtocol protocol);

/// Checks the range against the service's clock and what the stream keeps.
std::optional<ApiError> checkSessionRange(const SessionOptions& options, const Stream& stream,
                                          int64_t nowMs);

}  // namespace kvsemulator
