// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>

#include "api/api_error.h"
#include "base/result.h"
#include "media/track.h"
#include "session/session_options.h"

namespace kvsemulator {

/// Tracks by their numbers.
using TrackMap = std::map<int, Track>;

/// The tracks of a fragment that a session of this protocol serves: the first
/// video and the first audio track. Errors: UnsupportedStreamMediaType,
/// MissingCodecPrivateData, InvalidCodecPrivateData.
Result<TrackMap, ApiError> chooseTracks(const TrackMap& tracks, SessionProtocol protocol);

/// What is wrong with a later fragment of a session that began with other
/// tracks or other codec private data; none = nothing.
std::optional<ApiError> checkSameTracks(const TrackMap& session, const TrackMap& fragment);

}  // namespace kvsemulator
