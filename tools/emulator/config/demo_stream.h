// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace kvsemulator {

/// Configuration of the demo recording: 64 fragments of 2 s, H.264 and AAC,
/// with one gap, one restart of the producer with relative timecodes and one
/// change of resolution.
inline std::string demoStream(const std::string& name) {
  return R"({"name": ")" + name + R"(", "recordings": [{
    "type": "generated", "fragments": 64, "fragment-duration": 2, "fps": 25,
    "width": 320, "height": 240, "video": "h264", "audio": [{"codec": "aac", "name": "audio"}],
    "start": "2026-03-01T10:00:00Z",
    "gaps": [{"after-fragment": 20, "seconds": 12}],
    "restarts": [{"after-fragment": 40, "timecodes": "zero", "pause": 3.5}],
    "resolution-changes": [{"at-fragment": 52, "width": 640, "height": 360}]}]})";
}

}  // namespace kvsemulator
