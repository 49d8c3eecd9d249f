// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "base/result.h"
#include "base/unix_time.h"
#include "kvs/session_request.h"

namespace kvsarchive::session {

/// A session as the user wants it. Names, ranges and defaults are the API's, but for `expires`.
struct SessionOptions {
  kvs::SessionProtocol protocol = kvs::SessionProtocol::kHls;
  kvs::PlaybackMode playbackMode = kvs::PlaybackMode::kLive;
  kvs::SelectorType selectorType = kvs::SelectorType::kServerTimestamp;
  std::optional<UnixTime> start;
  std::optional<UnixTime> end;
  kvs::ContainerFormat containerFormat = kvs::ContainerFormat::kFragmentedMp4;
  kvs::DiscontinuityMode discontinuityMode = kvs::DiscontinuityMode::kDefault;
  kvs::DisplayMode displayFragmentTimestamp = kvs::DisplayMode::kNever;
  kvs::DisplayMode displayFragmentNumber = kvs::DisplayMode::kNever;
  unsigned expires = 0;       ///< s, 300 to 43200; 0 = as long as playing takes, see below
  unsigned maxFragments = 0;  ///< of a playlist, 1 to 5000; 0 = 5 live and in replay, else 1000
};

constexpr unsigned kMinExpires = 300;    // s
constexpr unsigned kMaxExpires = 43200;  // s
constexpr unsigned kMostFragments = 5000;

/// What to ask for. `expires` 0 becomes the length of the range and 10 minutes, at least 300 s; for
/// what has no end, and at most, 43200 s. Errors: kSettings, in words, for all that the service
/// would refuse whatever it stores:
/// - live: no start, no end; replay: a start; on demand: start and end
/// - the end behind the start, by 24 hours at most, and not in the future of the service's clock
/// - what only the other protocol knows
/// - numbers out of their ranges
Result<kvs::SessionRequest> makeSessionRequest(const SessionOptions& options, UnixTime now);

}  // namespace kvsarchive::session
