// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "session/session_route.h"

namespace kvsemulator {

/// The track that TrackNumber names. Errors: none that the session serves.
Result<int, ApiError> trackAsked(const SessionCall& call);

/// The fragment that FragmentNumber names, by its number or its place in the
/// session. Errors: none that the session has shown.
Result<SessionTimeline::Item, ApiError> fragmentAsked(const SessionCall& call);

}  // namespace kvsemulator
