// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session_options.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "base/iso8601.h"

namespace kvsarchive::session {
namespace {

using kvs::PlaybackMode;
using std::chrono::duration_cast;
using std::chrono::seconds;

constexpr std::chrono::hours kLongestRange{24};
constexpr std::chrono::minutes kSlack{10};  // to begin, to buffer, and for a pause

Error bad(const std::string& why) { return makeError(ErrorKind::kSettings, why); }

Status checkProtocol(const SessionOptions& options) {
  if (options.protocol == kvs::SessionProtocol::kHls) {
    if (options.displayFragmentNumber != kvs::DisplayMode::kNever) {
      return bad("display-fragment-number is for protocol=dash only");
    }
    return {};
  }
  if (options.containerFormat != kvs::ContainerFormat::kFragmentedMp4) {
    return bad("container-format=mpeg-ts is for protocol=hls only: DASH has fragmented-mp4");
  }
  if (options.discontinuityMode != kvs::DiscontinuityMode::kDefault) {
    return bad("discontinuity-mode is for protocol=hls only");
  }
  return {};
}

/// Which ends of the range a mode must have.
Status checkMode(const SessionOptions& options) {
  switch (options.playbackMode) {
    case PlaybackMode::kLive:
      if (options.start || options.end) {
        return bad(std::string(options.start ? "start-timestamp" : "end-timestamp") +
                   " is set, which playback-mode=live has none of: unset it, or set "
                   "playback-mode to on-demand or live-replay");
      }
      return {};
    case PlaybackMode::kLiveReplay:
      if (!options.start) {
        return bad("playback-mode=live-replay needs a start-timestamp");
      }
      return {};
    case PlaybackMode::kOnDemand:
      if (!options.start || !options.end) {
        return bad("playback-mode=on-demand needs start-timestamp and end-timestamp, and " +
                   std::string(options.start ? "end-timestamp"
                               : options.end ? "start-timestamp"
                                             : "neither") +
                   (options.start || options.end ? " is not set" : " is set"));
      }
      return {};
  }
  return {};
}

Status checkRange(const SessionOptions& options, UnixTime now) {
  if (!options.start || !options.end) {
    return {};
  }
  const std::string end = "end-timestamp " + formatIso8601(*options.end);
  if (*options.end <= *options.start) {
    return bad(end + " is not after start-timestamp " + formatIso8601(*options.start));
  }
  if (*options.end - *options.start > kLongestRange) {
    return bad(end + " is more than 24 hours after start-timestamp " +
               formatIso8601(*options.start) + ", and a session has 24 hours at most");
  }
  if (options.selectorType == kvs::SelectorType::kServerTimestamp && *options.end > now) {
    return bad(end +
               " is in the future, which it must not be with "
               "fragment-selector-type=server-timestamp");
  }
  return {};
}

Status checkNumbers(const SessionOptions& options) {
  const bool isSet = options.expires != 0;
  if (isSet && (options.expires < kMinExpires || options.expires > kMaxExpires)) {
    return bad("expires is " + std::to_string(options.expires) +
               ", and a session lasts 300 to 43200 seconds; 0 = as long as the range takes");
  }
  if (options.maxFragments > kMostFragments) {
    return bad("max-fragments is " + std::to_string(options.maxFragments) +
               ", and a playlist has 1 to 5000; 0 = as the service has it");
  }
  return {};
}

seconds lifeOf(const SessionOptions& options) {
  if (options.expires != 0) {
    return seconds(options.expires);
  }
  if (!options.end) {  // live, or a replay that goes on as long as something is recorded
    return seconds(kMaxExpires);
  }
  const auto needed = duration_cast<seconds>(*options.end - *options.start) + kSlack;
  return std::clamp<seconds>(needed, seconds(kMinExpires), seconds(kMaxExpires));
}

}  // namespace

Result<kvs::SessionRequest> makeSessionRequest(const SessionOptions& options, UnixTime now) {
  for (const Status& status : {checkProtocol(options), checkMode(options), checkRange(options, now),
                               checkNumbers(options)}) {
    if (!status) {
      return status.error();
    }
  }
  kvs::SessionRequest request;
  request.protocol = options.protocol;
  request.playbackMode = options.playbackMode;
  request.selectorType = options.selectorType;
  request.start = options.start;
  request.end = options.end;
  request.containerFormat = options.containerFormat;
  request.discontinuityMode = options.discontinuityMode;
  request.displayFragmentTimestamp = options.displayFragmentTimestamp;
  request.displayFragmentNumber = options.displayFragmentNumber;
  request.expires = lifeOf(options);
  request.maxFragments = static_cast<int>(options.maxFragments);
  return request;
}

}  // namespace kvsarchive::session
