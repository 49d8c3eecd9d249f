// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "media/encode_pipeline.h"
#include "media/track.h"

namespace kvsemulator {

/// Describes an encoded track as KVS producers do: H.264, H.265, AAC, and G.711
/// as A_MS/ACM.
Track makeTrack(const EncodedTrack& encoded, const std::string& name);

}  // namespace kvsemulator
