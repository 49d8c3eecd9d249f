// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "archive/archive.h"

namespace kvsemulator {

enum class ManifestFrames { kUsual, kAll, kNone };

/// The ground truth about one stream as JSON: fragments, tracks, frames.
std::string streamManifest(const Stream& stream, ManifestFrames frames);

/// {"streams": [...]} for all streams.
std::string archiveManifest(const Archive& archive, ManifestFrames frames);

}  // namespace kvsemulator
