// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session_store.h"

#include <glib.h>

#include <algorithm>
#include <cmath>

#include "media/fragment_media.h"

namespace kvsemulator {
namespace {

constexpr int64_t kSilenceMs = 30'000;
constexpr int kTokenParts = 8;

std::string makeToken() {
  std::string token = "Ci";
  for (int i = 0; i < kTokenParts; ++i) {
    g_autofree gchar* uuid = g_uuid_string_random();
    token += uuid;
  }
  token.erase(std::remove(token.begin(), token.end(), '-'), token.end());
  return token + "~";
}

}  // namespace

Failure<ApiError> noFragments() {
  return resourceNotFound("No fragments found in the stream for the streaming request.");
}

bool isSilent(const Stream& stream, int64_t nowMs) {
  const auto& entries = stream.entries();
  return std::none_of(entries.rbegin(), entries.rend(), [&](const Stream::Entry& entry) {
    return stream.holds(entry, nowMs) && entry.info().serverMs >= nowMs - kSilenceMs;
  });
}

Result<Session*, ApiError> SessionStore::open(const Stream& stream, const SessionOptions& options,
                                              const std::string& basePath, int64_t nowMs) {
  if (options.mode == PlaybackMode::kLive && isSilent(stream, nowMs)) {
    return noFragments();
  }
  auto session = std::make_unique<Session>(stream, options, nowMs);
  session->timeline.update(nowMs);
  if (session->timeline.items().empty()) {
    return noFragments();
  }
  const auto media = FragmentMedia::read(session->timeline.items().front().entry);
  auto tracks = chooseTracks(media ? media->tracks() : TrackMap(), options.protocol);
  if (!tracks) {
    return Failure<ApiError>{tracks.error()};
  }
  session->tracks = std::move(*tracks);
  session->basePath = basePath;
  session->token = makeToken();
  Session* opened = session.get();
  sessions_[opened->token] = std::move(session);
  return opened;
}

Result<Session*, ApiError> SessionStore::find(const std::string& token, int64_t nowMs) {
  const auto found = sessions_.find(token);
  if (found == sessions_.end()) {
    return Failure<ApiError>{
        {403, "NotAuthorizedException", "Streaming session token is invalid", false}};
  }
  Session& session = *found->second;
  double seconds = static_cast<double>(session.options.seconds);
  if (maxSeconds_ > 0) {
    seconds = std::min(seconds, maxSeconds_);
  }
  if (nowMs >= session.createdMs + std::llround(seconds * 1000)) {
    return Failure<ApiError>{
        {403, "NotAuthorizedException", "Streaming session token is expired", false}};
  }
  return &session;
}

}  // namespace kvsemulator
