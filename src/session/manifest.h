// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "kvs/session_request.h"

namespace kvsarchive::session {

// What a session plays: the HLS master playlist, or the DASH manifest. Its text has the session's
// token in it.

/// Whether a text is one, and not what something in between has made.
bool isManifest(std::string_view text, kvs::SessionProtocol protocol);

/// What the service calls the request for it, in errors and logs.
const char* manifestOperation(kvs::SessionProtocol protocol);

/// The URL of the first media playlist of a master playlist that was fetched from `url`; empty
/// where none stands beside it.
std::string mediaPlaylistUrl(const std::string& url, std::string_view master);

/// How many fragments are in a media playlist, or in the first timeline of a DASH manifest.
size_t countFragments(std::string_view text);

}  // namespace kvsarchive::session
