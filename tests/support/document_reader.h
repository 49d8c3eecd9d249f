// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kvsarchive::test {

struct DocumentTrack {
  uint64_t number = 0;
  uint64_t uid = 0;
  uint64_t type = 0;
  std::string codecId;
  std::string name;
  std::string codecPrivate;
  std::vector<uint32_t> children;  ///< ids, in order
};

struct DocumentBlock {
  int64_t millis = 0;
  uint64_t track = 0;
  bool key = false;  ///< flag of a SimpleBlock; a group without ReferenceBlock
  bool simple = true;
  uint8_t flags = 0;
  std::string payload;
  std::optional<uint64_t> duration;
  size_t cluster = 0;  ///< index of the Cluster it stands in
  size_t tracks = 0;   ///< index of the Tracks element in force
};

/// A document as kvsarchivesrc sends it, read without src/matroska and without mercy.
struct Document {
  std::string problem;  ///< empty if all is as it must be
  std::string docType;
  uint64_t maxIdLength = 0;
  uint64_t maxSizeLength = 0;
  uint64_t timecodeScale = 0;
  std::optional<double> duration;  ///< of Info, milliseconds
  struct Cue {
    uint64_t millis = 0;
    uint64_t track = 0;
    uint64_t offset = 0;  ///< of the document
  };
  std::vector<Cue> cues;
  /// Children of Segment in order: I(nfo), T(racks), C(luster). Cues are not told here.
  std::string order;
  std::vector<std::vector<DocumentTrack>> tracks;  ///< per Tracks element
  std::vector<uint64_t> clusterTimes;
  std::vector<DocumentBlock> blocks;

  /// "0:1 40:1 20:2": milliseconds and track number of each block.
  std::string times() const;
};

Document readDocument(std::string_view bytes);

}  // namespace kvsarchive::test
