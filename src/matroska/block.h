// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace kvsarchive::matroska {

/// One SimpleBlock or BlockGroup, whole, as it stands in its chunk.
struct Block {
  Bytes element;            ///< with the element's own header
  std::vector<Bytes> rest;  ///< of a SimpleBlock that crosses slabs: what follows `element`
  size_t headerOffset = 0;  ///< where the track number begins, which is in `element`
  size_t trackBytes = 0;    ///< length of the track number; 2 bytes of time and one of flags follow
  size_t endOffset = 0;     ///< where the frame data ends, `rest` included
  uint64_t track = 0;
  int16_t relativeTime = 0;  ///< to its cluster's Timecode, in units of TimecodeScale
  bool key = false;
  bool simple = true;
  bool checksum = false;  ///< a CRC-32 is in it, which any change makes wrong

  /// Of the whole element.
  size_t bytes() const { return rest.empty() ? element.size() : bytesOfPieces(); }
  size_t frameOffset() const { return headerOffset + trackBytes + 3; }
  size_t frameBytes() const { return endOffset - frameOffset(); }

 private:
  size_t bytesOfPieces() const;
};

/// Bytes of a block that come before its frame, at most.
constexpr size_t kMaxBlockHead = 23;

/// Makes `element` all of the block, in one piece.
void joinBlock(Block* block);

/// Finds the parts of a whole element with id SimpleBlock or BlockGroup. Errors: kDecode. Of a
/// SimpleBlock all but the first kMaxBlockHead bytes may be in `rest`.
Result<Block> parseBlock(Bytes element, std::vector<Bytes> rest = {});

/// Changes track number and time in place, or in a copy where the new number has another length,
/// other times have to be rescaled from `timecodeScale` (ns per unit) to milliseconds, or a CRC-32
/// has to go.
void rewriteBlock(Block* block, uint64_t track, int16_t relativeMillis, uint64_t timecodeScale);

}  // namespace kvsarchive::matroska
