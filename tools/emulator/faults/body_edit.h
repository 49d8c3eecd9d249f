// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include "http/reply.h"

namespace kvsemulator {

/// Ends the body at a position; what follows is left out.
void endBody(Reply& reply, const BodyPosition& position);

/// Replaces `length` bytes from a position on by pseudo-random ones, each of
/// which differs from what it replaces. The body keeps its length. 0 = up to
/// the end of the position's part, or of the body if it names none.
void overwriteBody(Reply& reply, const BodyPosition& position, uint64_t length, uint64_t seed);

/// Leaves `length` bytes of a part.
void truncatePart(BodyPart& part, uint64_t length);

}  // namespace kvsemulator
