// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdio>

#include "media/fragment_media.h"
#include "media/ts_muxer.h"
#include "mp4/init_segment.h"
#include "mp4/media_segment.h"
#include "session/session_request.h"
#include "session/session_route.h"

namespace kvsemulator {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;

Failure<ApiError> internalFailure() { return {{500, "InternalFailure", "", false}}; }

Reply media(const char* contentType, std::string bytes) {
  Reply answer;
  answer.contentType = contentType;
  answer.body = std::move(bytes);
  return answer;
}

const char* mp4Type(const Track& track) {
  return track.type == TrackType::kVideo ? "video/mp4" : "audio/mp4";
}

/// The frames of a fragment, which must have the session's tracks.
Result<FragmentMedia, ApiError> readMedia(const SessionCall& call,
                                          const SessionTimeline::Item& item) {
  if (!call.session.stream.holds(item.entry, call.nowMs)) {
    return resourceNotFound("The fragment is no longer kept.");
  }
  auto media = FragmentMedia::read(item.entry);
  if (!media) {
    return internalFailure();
  }
  if (auto error = checkSameTracks(call.session.tracks, media->tracks())) {
    return Failure<ApiError>{std::move(*error)};
  }
  return std::move(*media);
}

}  // namespace

OperationResult getMp4InitFragment(const SessionCall& call) {
  const auto track = trackAsked(call);
  if (!track) {
    return Failure<ApiError>{track.error()};
  }
  const Track& served = call.session.tracks.at(track.value());
  return media(mp4Type(served), writeInitSegment(track.value(), served));
}

OperationResult getMp4MediaFragment(const SessionCall& call) {
  const auto track = trackAsked(call);
  if (!track) {
    return Failure<ApiError>{track.error()};
  }
  const auto item = fragmentAsked(call);
  if (!item) {
    return Failure<ApiError>{item.error()};
  }
  const auto frames = readMedia(call, item.value());
  if (!frames) {
    return Failure<ApiError>{frames.error()};
  }
  const int number = track.value();
  return media(mp4Type(call.session.tracks.at(number)),
               writeMediaSegment(number, item.value().sequence, item.value().startMs * kNsPerMs,
                                 frames.value().samples(number)));
}

OperationResult getTsFragment(const SessionCall& call) {
  const auto item = fragmentAsked(call);
  if (!item) {
    return Failure<ApiError>{item.error()};
  }
  const auto frames = readMedia(call, item.value());
  if (!frames) {
    return Failure<ApiError>{frames.error()};
  }
  std::vector<TsTrack> tracks;
  for (const auto& [number, track] : call.session.tracks) {
    tracks.push_back({number, &track, frames.value().samples(number)});
  }
  auto segment = muxTransportStream(tracks, item.value().startMs * kNsPerMs);
  if (!segment) {
    std::fprintf(stderr, "can't mux a fragment: %s\n", segment.error().c_str());
    return internalFailure();
  }
  return media("video/mp2t", std::move(*segment));
}

}  // namespace kvsemulator
