// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

#include "session/session.h"

namespace kvsemulator {

/// What manifests say about the session's media, measured in its first
/// fragment.
struct Presentation {
  int64_t bitsPerSecond = 0;
  double framesPerSecond = 0;  ///< 0 = no video
};

Presentation describe(const Session& session);

/// Names of all codecs, separated by commas.
std::string codecNames(const Session& session);
/// nullptr if there is none.
const std::pair<const int, Track>* trackOf(const Session& session, TrackType type);

/// E.g. "2.000".
std::string formatSeconds(int64_t ms);
/// URL of a child, relative to that of the manifest.
std::string childUrl(const Session& session, const std::string& name,
                     const std::string& parameters);

}  // namespace kvsemulator
