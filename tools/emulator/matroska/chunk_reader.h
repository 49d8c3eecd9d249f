// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "matroska/frame_info.h"
#include "media/tag.h"
#include "media/track.h"

namespace kvsemulator {

/// What one chunk says.
struct ParsedChunk {
  size_t length = 0;  ///< bytes, up to the next EBML header
  std::vector<Tag> tags;
  std::map<int, Track> tracks;  ///< by TrackNumber
  std::vector<FrameInfo> frames;
  std::vector<std::string_view> payloads;  ///< of the frames, in the data that was read
  int clusters = 0;

  std::optional<std::string> tag(std::string_view name) const;
  /// Value of AWS_KINESISVIDEO_<name>, for <name> with and without SIDE_.
  std::optional<int64_t> timestampMs(const std::string& name) const;
};

/// Reads the chunk that `data` begins with. `hashFrames` = fill
/// FrameInfo::sha256. None if the chunk is cut off or no Matroska.
std::optional<ParsedChunk> readChunk(std::string_view data, bool hashFrames);

}  // namespace kvsemulator
