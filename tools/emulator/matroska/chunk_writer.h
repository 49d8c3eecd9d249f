// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "matroska/chunk_source.h"
#include "matroska/frame_info.h"
#include "matroska/layout.h"

namespace kvsemulator {

/// The complete Matroska document that the service sends for one fragment.
std::string writeChunk(const ChunkSource& source, const Layout& layout);

/// What writeChunk() puts into blocks, told from the source and not from the
/// bytes written.
std::vector<FrameInfo> describeFrames(const ChunkSource& source, const Layout& layout);

}  // namespace kvsemulator
