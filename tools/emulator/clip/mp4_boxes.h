// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "matroska/chunk_places.h"

namespace kvsemulator {

/// Sets the creation and modification times of the movie and its tracks.
void setCreationTime(std::string& mp4, int64_t unixSeconds);

bool isMp4(std::string_view body);
/// The places of a file that correspond to those of a chunk: half of moov (of a
/// media segment: of moof), half of the middle mdat, and the edge between moov
/// and what is next to it.
ChunkPlaces findMp4Places(std::string_view mp4);

}  // namespace kvsemulator
