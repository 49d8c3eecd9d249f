// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "media/media_sample.h"

namespace kvsemulator {

/// One media segment of one track: styp, moof, mdat. Times of samples count
/// from `startNs`, the segment's place in the session, and come out as whole
/// units of kMp4Timescale.
std::string writeMediaSegment(int trackId, int64_t sequence, int64_t startNs,
                              const std::vector<MediaSample>& samples);

}  // namespace kvsemulator
