// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/json_reader.h"
#include "faults/fault_target.h"
#include "http/reply.h"

namespace kvsemulator {

enum class NamedPlace { kFirstByte, kMidHeader, kMidBlock, kBlockEdge, kChunkEdge, kEnd };

/// Where in a body a fault happens: `bytes` behind a beginning, or a place
/// that has a name. Up to there the body is as it should be.
struct BytePlace {
  std::optional<NamedPlace> at;
  uint64_t bytes = 0;

  /// The same as a number of bytes of `chunk`, or of a body that has no chunks.
  /// May be larger than it.
  uint64_t offsetIn(std::string_view chunk) const;
  /// The same as a position in the body: counted from the chunk of the fragment
  /// that is named, else from the body's beginning. None if the chunk has been
  /// left out.
  std::optional<BodyPosition> in(const Reply& reply, const FaultTarget& target) const;
};

/// Reads `at` or `bytes`, of which only one may be there.
BytePlace readBytePlace(JsonReader& json);

}  // namespace kvsemulator
