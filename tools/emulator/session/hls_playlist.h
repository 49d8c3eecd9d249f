// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "session/session.h"

namespace kvsemulator {

/// The master playlist (RFC 8216): one variant; audio beside video is a
/// rendition of its own, but for MPEG_TS.
std::string hlsMasterPlaylist(const Session& session);

/// The media playlist of a track, 0 = of all (MPEG_TS), as of now.
std::string hlsMediaPlaylist(const Session& session, int track);

}  // namespace kvsemulator
