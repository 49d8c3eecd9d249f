// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <optional>

#include "base/unix_time.h"
#include "kvs/fragment.h"

namespace kvsarchive::kvs {

enum class SessionProtocol { kHls, kDash };
enum class PlaybackMode { kLive, kLiveReplay, kOnDemand };
enum class ContainerFormat { kFragmentedMp4, kMpegTs };
enum class DiscontinuityMode { kDefault, kAlways, kNever, kOnDiscontinuity };
enum class DisplayMode { kNever, kAlways };

/// What a session is asked for with. Which combinations the service takes is checked by
/// session::makeSessionRequest(). Sources:
/// https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_GetHLSStreamingSessionURL.html
/// https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_GetDASHStreamingSessionURL.html
struct SessionRequest {
  SessionProtocol protocol = SessionProtocol::kHls;
  PlaybackMode playbackMode = PlaybackMode::kLive;
  SelectorType selectorType = SelectorType::kServerTimestamp;
  std::optional<UnixTime> start;  ///< of a fragment's start, itself included; not in live mode
  std::optional<UnixTime> end;    ///< likewise; only with a start
  ContainerFormat containerFormat = ContainerFormat::kFragmentedMp4;  ///< HLS only
  DiscontinuityMode discontinuityMode = DiscontinuityMode::kDefault;  ///< HLS only
  DisplayMode displayFragmentTimestamp = DisplayMode::kNever;
  DisplayMode displayFragmentNumber = DisplayMode::kNever;  ///< DASH only
  std::chrono::seconds expires{300};                        ///< 300 to 43200
  int maxFragments = 0;  ///< of a playlist, 1 to 5000; 0 = as the service has it
};

}  // namespace kvsarchive::kvs
