// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "media/frame.h"

namespace kvsemulator {

/// Gives frames in decoding order decoding times (orderNs), which Matroska does
/// not have: they rise by at least `tickNs`, and none is later than its frame's
/// presentation, unless two frames have one time. As evenly spaced as the
/// presentation times, or, with `startAtZero`, none before 0, where frames at
/// the start are a tick apart.
void addDecodeTimes(std::vector<Frame>& frames, int64_t tickNs, bool startAtZero);

}  // namespace kvsemulator
