// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session_options.h"

#include "api/range_selector.h"

namespace kvsemulator {
namespace {

constexpr int64_t kDayMs = 86'400'000;
constexpr int64_t kMaxFragments = 5000;
constexpr int64_t kDefaultLive = 5;
constexpr int64_t kDefaultOnDemand = 1000;

PlaybackMode readMode(ApiRequest& request) {
  const auto mode = request.choice("PlaybackMode", {"LIVE", "LIVE_REPLAY", "ON_DEMAND"});
  if (mode == "ON_DEMAND") {
    return PlaybackMode::kOnDemand;
  }
  return mode == "LIVE_REPLAY" ? PlaybackMode::kLiveReplay : PlaybackMode::kLive;
}

bool readDisplay(ApiRequest& request, const char* name) {
  return request.choice(name, {"ALWAYS", "NEVER"}) == "ALWAYS";
}

void refuse(ApiRequest& request, const std::string& message) {
  request.reject(invalidArgument(message).error);
}

void readRange(ApiRequest& range, SessionOptions& options) {
  options.startMs = range.timestampMs("StartTimestamp");
  options.endMs = range.timestampMs("EndTimestamp");
}

void readSelector(ApiRequest& request, SessionOptions& options) {
  const bool isHls = options.protocol == SessionProtocol::kHls;
  auto selector = request.object(isHls ? "HLSFragmentSelector" : "DASHFragmentSelector");
  bool hasType = false;
  bool hasRange = false;
  if (selector) {
    const auto type =
        selector->choice("FragmentSelectorType", {"PRODUCER_TIMESTAMP", "SERVER_TIMESTAMP"});
    hasType = type.has_value();
    options.byServerTime = type != "PRODUCER_TIMESTAMP";
    auto range = selector->object("TimestampRange");
    hasRange = range.has_value();
    if (range) {
      readRange(*range, options);
    }
  }
  if (options.mode == PlaybackMode::kLive) {
    if (hasRange) {
      refuse(request, "TimestampRange must not be provided for PlaybackMode LIVE.");
    }
    return;
  }
  if (!hasType || !hasRange) {
    refuse(request,
           "FragmentSelectorType and TimestampRange must be provided for PlaybackMode ON_DEMAND "
           "and LIVE_REPLAY.");
  } else if (!options.startMs) {
    refuse(request, "StartTimestamp must be provided in TimestampRange.");
  } else if (!options.endMs && options.mode == PlaybackMode::kOnDemand) {
    refuse(request, "EndTimestamp must be provided for PlaybackMode ON_DEMAND.");
  }
}

DiscontinuityMode readDiscontinuities(ApiRequest& request, bool byServerTime) {
  const auto mode = request.choice("DiscontinuityMode", {"ALWAYS", "NEVER", "ON_DISCONTINUITY"});
  if (mode == "ON_DISCONTINUITY") {
    return DiscontinuityMode::kOnDiscontinuity;
  }
  if (!mode) {
    return byServerTime ? DiscontinuityMode::kAlways : DiscontinuityMode::kNever;
  }
  return mode == "ALWAYS" ? DiscontinuityMode::kAlways : DiscontinuityMode::kNever;
}

}  // namespace

SessionOptions readSessionOptions(ApiRequest& request, SessionProtocol protocol) {
  const bool isHls = protocol == SessionProtocol::kHls;
  SessionOptions options;
  options.protocol = protocol;
  options.mode = readMode(request);
  options.seconds = request.integer("Expires", 300, 43'200).value_or(options.seconds);
  options.maxFragments =
      request
          .integer(isHls ? "MaxMediaPlaylistFragmentResults" : "MaxManifestFragmentResults", 1,
                   kMaxFragments)
          .value_or(options.mode == PlaybackMode::kOnDemand ? kDefaultOnDemand : kDefaultLive);
  options.showsTimestamps = readDisplay(request, "DisplayFragmentTimestamp");
  readSelector(request, options);
  if (isHls) {
    options.transportStream =
        request.choice("ContainerFormat", {"FRAGMENTED_MP4", "MPEG_TS"}) == "MPEG_TS";
    options.discontinuities = readDiscontinuities(request, options.byServerTime);
  } else {
    options.showsNumbers = readDisplay(request, "DisplayFragmentNumber");
  }
  return options;
}

std::optional<ApiError> checkSessionRange(const SessionOptions& options, const Stream& stream,
                                          int64_t nowMs) {
  if (!options.startMs) {
    return std::nullopt;
  }
  if (!isKnownTime(*options.startMs)) {
    return outsideRetention("Start", *options.startMs).error;
  }
  if (options.endMs && !isKnownTime(*options.endMs)) {
    return outsideRetention("End", *options.endMs).error;
  }
  if (options.endMs) {
    if (*options.endMs <= *options.startMs) {
      return invalidArgument("EndTimestamp must be later than StartTimestamp.").error;
    }
    if (*options.endMs - *options.startMs > kDayMs) {
      return invalidArgument("EndTimestamp must be within 24 hours of StartTimestamp.").error;
    }
    if (options.byServerTime && *options.endMs > nowMs) {
      return invalidArgument("EndTimestamp must be in the past for SERVER_TIMESTAMP.").error;
    }
  }
  if (options.byServerTime) {
    if (options.endMs && *options.endMs < stream.retentionStartMs(nowMs)) {
      return outsideRetention("End", *options.endMs).error;
    }
    if (*options.startMs < stream.retentionStartMs(nowMs)) {
      return outsideRetention("Start", *options.startMs).error;
    }
  }
  return std::nullopt;
}

}  // namespace kvsemulator
