// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "media/frame.h"
#include "media/track.h"

namespace kvsemulator {

/// Samples a second and channels of a track of G.711, as its codec private data has them.
int g711Rate(const Track& track);
int g711Channels(const Track& track);

/// The frames with silence wherever the next one begins more than 5 ms behind
/// the last sample, so that all samples follow each other; their times are
/// those of the samples.
std::vector<Frame> fillWithSilence(const Track& track, std::vector<Frame> frames);

}  // namespace kvsemulator
