// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "faults/body_edit.h"
#include "faults/byte_place.h"
#include "faults/fault_kinds.h"
#include "matroska/chunk_header.h"

namespace kvsemulator {
namespace {

std::vector<BodyPart>::iterator at(Reply& reply, size_t part) {
  return reply.parts.begin() + static_cast<std::ptrdiff_t>(part);
}

}  // namespace

FaultAction readInBandError(JsonReader& json) {
  const std::string code = json.text("code", "FRAGMENT_NOT_FOUND");
  const auto id = static_cast<int>(json.integer("id", 3000, 0, 9999));
  const bool longNames = json.choice("tag-names", false, {{"short", false}, {"long", true}});
  return [=](Reply& reply, const FaultTarget& target) {
    for (const size_t part : target.parts) {
      BodyPart& spoilt = reply.parts[part];
      spoilt.make = [=, number = spoilt.fragment] {
        return std::vector<Bytes>{Bytes::take(writeErrorChunk(number, code, id, longNames))};
      };
    }
  };
}

FaultAction readMissing(JsonReader&) {
  return [](Reply& reply, const FaultTarget& target) {
    for (auto part = target.parts.rbegin(); part != target.parts.rend(); ++part) {
      reply.parts.erase(at(reply, *part));
    }
  };
}

/// Reverses the chunks; those of a fragment that is named are sent last instead.
FaultAction readReorder(JsonReader&) {
  return [](Reply& reply, const FaultTarget& target) {
    if (!target.named) {
      std::reverse(reply.parts.begin(), reply.parts.end());
      return;
    }
    for (auto part = target.parts.rbegin(); part != target.parts.rend(); ++part) {
      std::rotate(at(reply, *part), at(reply, *part) + 1, reply.parts.end());
    }
  };
}

FaultAction readRepeat(JsonReader&) {
  return [](Reply& reply, const FaultTarget& target) {
    for (auto part = target.parts.rbegin(); part != target.parts.rend(); ++part) {
      BodyPart copy = reply.parts[*part];
      reply.parts.insert(at(reply, *part), std::move(copy));
    }
  };
}

FaultAction readTruncateChunk(JsonReader& json) {
  const BytePlace place = readBytePlace(json);
  return [=](Reply& reply, const FaultTarget& target) {
    for (const size_t part : target.parts) {
      BodyPart& spoilt = reply.parts[part];
      truncatePart(spoilt, place.offsetIn(textOf(spoilt)));
    }
  };
}

}  // namespace kvsemulator
