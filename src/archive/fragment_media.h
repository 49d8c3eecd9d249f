// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "base/error.h"
#include "kvs/fragment.h"
#include "matroska/chunk.h"

namespace kvsarchive::archive {

/// One fragment that was asked for, and what has come of it so far, by however many answers.
struct FragmentMedia {
  enum class State {
    kOpen,
    kComplete,
    kCutShort,    ///< what is there goes out; the rest is not to be had
    kMissing,     ///< the service has no media for it
    kUnreadable,  ///< what the service has can't be read
  };

  /// What the answer being received brought for it, other than all of its media.
  enum class Outcome {
    kAbsent,      ///< nothing, or a part: the answer may have broken off
    kNotFound,    ///< the service says that it has none
    kUnreadable,  ///< media that can't be parsed
    kWrongSize,   ///< a chunk that ended well, but not with the size listed
    kError,       ///< the service says that it can't read it: `error`
  };

  kvs::Fragment fragment;
  State state = State::kOpen;
  std::optional<matroska::ChunkHeader> header;
  std::deque<matroska::ChunkBlock> blocks;  ///< not handed on yet
  uint64_t received = 0;                    ///< blocks so far, handed on or not
  uint64_t furthest = 0;                    ///< most that `received` was; less is no progress
  size_t heldBytes = 0;                     ///< what keeping `blocks` costs
  int64_t earliestTicks = 0;                ///< of all blocks so far
  bool begun = false;                       ///< its beginning was handed on

  Outcome outcome = Outcome::kAbsent;
  std::string reason;          ///< what the answer said, for messages
  std::optional<Error> error;  ///< with kError
  int fruitless = 0;           ///< answers that should have had it, and did not
  bool passedOver = false;     ///< a good answer had others, and not this one
  uint64_t doubtfulBytes = 0;  ///< size of its last chunk that did not have the size listed
  bool countedWrong = false;   ///< SizeCheck counts its listed size as wrong
  bool listedWrong = false;    ///< complete, though of another size than listed

  bool open() const { return state == State::kOpen; }
};

}  // namespace kvsarchive::archive
