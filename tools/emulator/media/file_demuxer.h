// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "media/encode_pipeline.h"

namespace kvsemulator {

/// All tracks of a media file that KVS producers can send, video first. Other
/// tracks are left out with a message on stderr. Errors: what GStreamer says,
/// or no track.
Result<std::vector<EncodedTrack>> demuxFile(const std::string& path);

}  // namespace kvsemulator
