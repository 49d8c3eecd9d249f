// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/dash_manifest.h"
#include "session/hls_playlist.h"
#include "session/session_request.h"
#include "session/session_route.h"
#include "session/session_store.h"

namespace kvsemulator {
namespace {

/// Live media has dried up, which ends what sessions can do as well.
bool isOver(const SessionCall& call) {
  return call.session.options.mode == PlaybackMode::kLive &&
         isSilent(call.session.stream, call.nowMs);
}

Reply reply(const char* contentType, std::string text) {
  Reply answer;
  answer.contentType = contentType;
  answer.body = std::move(text);
  return answer;
}

Reply playlist(std::string text) { return reply("application/x-mpegURL", std::move(text)); }

}  // namespace

OperationResult getHlsMasterPlaylist(const SessionCall& call) {
  return playlist(hlsMasterPlaylist(call.session));
}

OperationResult getHlsMediaPlaylist(const SessionCall& call) {
  call.details.maxResults = call.session.options.maxFragments;
  int track = 0;
  if (!call.session.options.transportStream) {
    const auto asked = trackAsked(call);
    if (!asked) {
      return Failure<ApiError>{asked.error()};
    }
    track = asked.value();
  }
  if (isOver(call)) {
    return noFragments();
  }
  call.session.timeline.update(call.nowMs);
  return playlist(hlsMediaPlaylist(call.session, track));
}

OperationResult getDashManifest(const SessionCall& call) {
  call.details.maxResults = call.session.options.maxFragments;
  if (isOver(call)) {
    return noFragments();
  }
  call.session.timeline.update(call.nowMs);
  return reply("application/dash+xml", dashManifest(call.session, call.nowMs));
}

}  // namespace kvsemulator
