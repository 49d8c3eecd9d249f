// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "media/track.h"
#include "mp4/box_writer.h"

namespace kvsemulator {

/// Writes the entry of stsd for a track: avc1, hvc1, mp4a, alaw or ulaw.
void writeSampleEntry(BoxWriter& out, const Track& track);

}  // namespace kvsemulator
