// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/json_reader.h"
#include "config/config.h"

namespace kvsemulator {

/// Reads the options of one recording; problems go into the reader's error.
RecordingConfig readRecording(JsonReader& json, const Layout& streamLayout);

/// Reads the object `layout`; what it does not say is as in `fallback`.
Layout readLayout(JsonReader& parent, const Layout& fallback);

}  // namespace kvsemulator
