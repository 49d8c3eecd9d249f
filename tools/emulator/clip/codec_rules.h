// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include "media/track.h"

namespace kvsemulator {

/// H.264 or H.265.
bool isClipVideo(const Track& track);
/// AAC, A-law or mu-law.
bool isClipAudio(const Track& track);
/// A-law or mu-law, if the codec private data is valid.
bool isG711(const Track& track);
/// Else it is mu-law.
bool isAlaw(const Track& track);

/// Whether the frame has the form that the track's codec demands: of video NAL
/// units behind their lengths.
bool isValidFrame(const Track& track, std::string_view frame);

}  // namespace kvsemulator
