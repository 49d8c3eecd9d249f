// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "archive/stream.h"
#include "matroska/chunk_reader.h"
#include "media/media_sample.h"

namespace kvsemulator {

/// The frames of one fragment, read out of its chunk.
class FragmentMedia {
 public:
  /// None if the chunk is damaged.
  static std::optional<FragmentMedia> read(const Stream::Entry& entry);

  const std::map<int, Track>& tracks() const { return parsed_.tracks; }
  /// Frames of a track in the order of their blocks, which is that of decoding.
  /// Times count from the fragment's timestamp. Matroska knows no decoding
  /// times: they are the times of presentation in rising order.
  std::vector<MediaSample> samples(int track) const;

 private:
  std::string chunk_;
  ParsedChunk parsed_;
  int64_t lengthNs_ = 0;
};

}  // namespace kvsemulator
