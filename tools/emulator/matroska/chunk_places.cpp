// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/chunk_places.h"

#include <algorithm>
#include <vector>

#include "matroska/ebml_element.h"
#include "matroska/ebml_ids.h"

namespace kvsemulator {
namespace {

struct Range {
  size_t begin;
  size_t end;

  size_t middle() const { return begin + (end - begin) / 2; }
};

}  // namespace

ChunkPlaces findPlaces(std::string_view chunk) {
  const size_t half = chunk.size() / 2;
  ChunkPlaces places{half, half, half};
  std::vector<Range> blocks;
  size_t offset = 0;
  while (const auto element = readElementHead(chunk, offset)) {
    if (element->id == ebml::kSegment || element->id == ebml::kCluster) {
      offset = element->content;  // their children are next
      continue;
    }
    if (!element->size || *element->size > chunk.size() - element->content) {
      break;
    }
    const Range range{offset, element->end()};
    if (element->id == ebml::kTracks || (element->id == ebml::kEbml && offset == 0)) {
      places.midHeader = range.middle();
    } else if (element->id == ebml::kSimpleBlock || element->id == ebml::kBlockGroup) {
      blocks.push_back(range);
    }
    offset = range.end;
  }
  if (!blocks.empty()) {
    const size_t middle = blocks.size() / 2;
    places.midBlock = blocks[middle].middle();
    places.blockEdge = blocks[std::max<size_t>(middle, 1) - 1].end;
  }
  return places;
}

}  // namespace kvsemulator
