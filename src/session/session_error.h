// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/error.h"
#include "kvs/session_request.h"

namespace kvsarchive::session {

/// The error with what its code means for a session, and what to do about it, in its message.
Error explained(Error error, const kvs::SessionRequest& request);

}  // namespace kvsarchive::session
