// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "media/track.h"

namespace kvsemulator {

enum class Codec { kOther, kH264, kH265, kAac, kAlaw, kMulaw };

/// By CodecID, of A_MS/ACM also by the format tag in CodecPrivate.
Codec codecOf(const Track& track);

/// Whether CodecPrivate is what the codec wants: avcC, hvcC,
/// AudioSpecificConfig, WAVEFORMATEX.
bool hasValidPrivate(const Track& track);

/// The codec as players' manifests name it (RFC 6381), e.g. "avc1.64001F",
/// "mp4a.40.2". CodecPrivate must be valid.
std::string codecName(const Track& track);

}  // namespace kvsemulator
