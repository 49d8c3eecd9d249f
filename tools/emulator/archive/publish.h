// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "archive/number_sequence.h"
#include "archive/stored_recording.h"
#include "matroska/layout.h"
#include "media/media_fragment.h"

namespace kvsemulator {

/// Does what the service does at ingestion: numbers the fragments and writes
/// their chunks.
std::vector<StoredFragment> publish(std::vector<MediaFragment> fragments, const Layout& layout,
                                    NumberSequence& numbers);

}  // namespace kvsemulator
