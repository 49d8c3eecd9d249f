// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "matroska/chunk_source.h"
#include "matroska/layout.h"

namespace kvsemulator {

/// All of a chunk that comes before its first Cluster.
std::string writeChunkHeader(const ChunkSource& source, const Layout& layout);

/// One Tags element with one SimpleTag, as producers add to fragments.
std::string writeProducerTag(const Tag& tag);

/// The chunk sent in place of a fragment that can't be delivered.
std::string writeErrorChunk(const std::string& number, const std::string& code, int id,
                            bool longTagNames);

}  // namespace kvsemulator
