// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "faults/body_edit.h"
#include "faults/byte_place.h"
#include "faults/fault_kinds.h"

namespace kvsemulator {

FaultAction readEndEarly(JsonReader& json) {
  const BytePlace place = readBytePlace(json);
  return [=](Reply& reply, const FaultTarget& target) {
    if (const auto position = place.in(reply, target)) {
      endBody(reply, *position);
    }
  };
}

FaultAction readGarbage(JsonReader& json) {
  const BytePlace place = readBytePlace(json);
  const auto length = static_cast<uint64_t>(json.integer("length", 64, 0, INT64_MAX));
  const auto seed = static_cast<uint64_t>(json.integer("seed", 1, 0, INT64_MAX));
  if (place.at == NamedPlace::kChunkEdge && length == 0) {
    json.fail("length", "must not be 0 at chunk-edge");
  }
  return [=](Reply& reply, const FaultTarget& target) {
    auto position = place.in(reply, target);
    if (!position) {
      return;
    }
    if (place.at == NamedPlace::kFirstByte) {
      position->bytes = 0;  // the first byte itself
    } else if (place.at == NamedPlace::kChunkEdge) {
      position->bytes -= std::min(position->bytes, length / 2);  // half on either side
    }
    overwriteBody(reply, *position, length, seed);
  };
}

}  // namespace kvsemulator
