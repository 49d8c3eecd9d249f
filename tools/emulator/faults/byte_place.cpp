// SPDX-License-Identifier: LGPL-2.1-or-later
#include "faults/byte_place.h"

#include "clip/mp4_boxes.h"
#include "matroska/chunk_places.h"

namespace kvsemulator {
namespace {

/// The chunk that a named place is in if no fragment is named.
size_t usualPart(NamedPlace place, size_t count) {
  switch (place) {
    case NamedPlace::kFirstByte:
      return 0;
    case NamedPlace::kChunkEdge:
    case NamedPlace::kEnd:
      return count - 1;
    default:
      return count / 2;
  }
}

ChunkPlaces placesIn(std::string_view body) {
  return isMp4(body) ? findMp4Places(body) : findPlaces(body);
}

}  // namespace

uint64_t BytePlace::offsetIn(std::string_view chunk) const {
  if (!at) {
    return bytes;
  }
  switch (*at) {
    case NamedPlace::kFirstByte:
      return 1;
    case NamedPlace::kMidHeader:
      return placesIn(chunk).midHeader;
    case NamedPlace::kMidBlock:
      return placesIn(chunk).midBlock;
    case NamedPlace::kBlockEdge:
      return placesIn(chunk).blockEdge;
    case NamedPlace::kChunkEdge:
      return chunk.size();
    case NamedPlace::kEnd:
      return chunk.empty() ? 0 : chunk.size() - 1;
  }
  return 0;
}

std::optional<BodyPosition> BytePlace::in(const Reply& reply, const FaultTarget& target) const {
  if (reply.parts.empty()) {
    return BodyPosition{std::nullopt, offsetIn(reply.body)};
  }
  if (target.named && target.parts.empty()) {
    return std::nullopt;
  }
  BodyPosition position;
  if (target.named) {
    position.part = target.parts.front();
  } else if (at) {
    position.part = usualPart(*at, reply.parts.size());
  }
  position.bytes = at ? offsetIn(textOf(reply.parts[*position.part])) : bytes;
  return position;
}

BytePlace readBytePlace(JsonReader& json) {
  BytePlace place;
  if (json.has("at")) {
    place.at = json.choice("at", NamedPlace::kFirstByte,
                           {{"first-byte", NamedPlace::kFirstByte},
                            {"mid-header", NamedPlace::kMidHeader},
                            {"mid-block", NamedPlace::kMidBlock},
                            {"block-edge", NamedPlace::kBlockEdge},
                            {"chunk-edge", NamedPlace::kChunkEdge},
                            {"end", NamedPlace::kEnd}});
    if (json.has("bytes")) {
      json.fail("at", "and bytes exclude each other");
    }
  }
  place.bytes = static_cast<uint64_t>(json.integer("bytes", 0, 0, INT64_MAX));
  return place;
}

}  // namespace kvsemulator
