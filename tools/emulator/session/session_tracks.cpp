// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session_tracks.h"

#include "media/codec.h"

namespace kvsemulator {
namespace {

Failure<ApiError> unsupported(const std::string& message) {
  return {{400, "UnsupportedStreamMediaTypeException", message, false}};
}

bool isServed(const Track& track, SessionProtocol protocol) {
  switch (codecOf(track)) {
    case Codec::kH264:
    case Codec::kH265:
      return track.type == TrackType::kVideo;
    case Codec::kAac:
      return track.type == TrackType::kAudio;
    case Codec::kAlaw:
    case Codec::kMulaw:
      return track.type == TrackType::kAudio && protocol == SessionProtocol::kDash;
    case Codec::kOther:
      break;
  }
  return false;
}

}  // namespace

Result<TrackMap, ApiError> chooseTracks(const TrackMap& tracks, SessionProtocol protocol) {
  TrackMap chosen;
  bool has[2] = {false, false};
  for (const auto& [number, track] : tracks) {
    const bool isAudio = track.type == TrackType::kAudio;
    if (track.type == TrackType::kOther || has[isAudio]) {
      continue;
    }
    has[isAudio] = true;
    if (!isServed(track, protocol)) {
      return unsupported("The codec " + track.codecId + " of track " + std::to_string(number) +
                         " is not supported for this playback session.");
    }
    if (track.codecPrivate.empty()) {
      return Failure<ApiError>{
          {400, "MissingCodecPrivateDataException",
           "No codec private data was found in track " + std::to_string(number) + " of the stream.",
           false}};
    }
    if (!hasValidPrivate(track)) {
      return Failure<ApiError>{{400, "InvalidCodecPrivateDataException",
                                "The codec private data in track " + std::to_string(number) +
                                    " of the stream is not valid for its codec.",
                                false}};
    }
    chosen[number] = track;
  }
  if (chosen.empty()) {
    return unsupported("The fragment has no video or audio track.");
  }
  return chosen;
}

std::optional<ApiError> checkSameTracks(const TrackMap& session, const TrackMap& fragment) {
  const auto changed = [](int number) {
    return ApiError{400, "InvalidCodecPrivateDataException",
                    "The codec private data of track " + std::to_string(number) +
                        " differs from that of the first fragment of the session.",
                    false};
  };
  for (const auto& [number, track] : session) {
    const auto found = fragment.find(number);
    if (found == fragment.end() || found->second.codecId != track.codecId ||
        found->second.codecPrivate != track.codecPrivate) {
      return changed(number);
    }
  }
  for (const auto& [number, track] : fragment) {
    // A session without audio fails once there is some, and the other way round.
    bool known = track.type == TrackType::kOther;
    for (const auto& entry : session) {
      known = known || entry.second.type == track.type;
    }
    if (!known) {
      return changed(number);
    }
  }
  return std::nullopt;
}

}  // namespace kvsemulator
