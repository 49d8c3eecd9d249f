// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/presentation.h"

#include <cstdio>

#include "media/codec.h"
#include "media/fragment_media.h"

namespace kvsemulator {

Presentation describe(const Session& session) {
  Presentation presentation;
  const SessionTimeline::Item& first = session.timeline.items().front();
  presentation.bitsPerSecond =
      static_cast<int64_t>(first.entry.info().sizeBytes) * 8 * 1000 / first.lengthMs;
  const auto* video = trackOf(session, TrackType::kVideo);
  if (!video) {
    return presentation;
  }
  if (video->second.defaultDurationNs > 0) {
    presentation.framesPerSecond = 1e9 / static_cast<double>(video->second.defaultDurationNs);
  } else if (const auto media = FragmentMedia::read(first.entry)) {
    presentation.framesPerSecond = static_cast<double>(media->samples(video->first).size()) * 1000 /
                                   static_cast<double>(first.lengthMs);
  }
  return presentation;
}

std::string codecNames(const Session& session) {
  std::string names;
  for (const auto& [number, track] : session.tracks) {
    names += (names.empty() ? "" : ",") + codecName(track);
  }
  return names;
}

const std::pair<const int, Track>* trackOf(const Session& session, TrackType type) {
  for (const auto& entry : session.tracks) {
    if (entry.second.type == type) {
      return &entry;
    }
  }
  return nullptr;
}

std::string formatSeconds(int64_t ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%03d", static_cast<long long>(ms / 1000),
                static_cast<int>(ms % 1000));
  return text;
}

std::string childUrl(const Session& session, const std::string& name,
                     const std::string& parameters) {
  return name + "?" + parameters + (parameters.empty() ? "" : "&") +
         "SessionToken=" + session.token;
}

}  // namespace kvsemulator
