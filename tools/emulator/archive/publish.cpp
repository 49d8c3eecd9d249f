// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/publish.h"

#include "matroska/chunk_writer.h"

namespace kvsemulator {

std::vector<StoredFragment> publish(std::vector<MediaFragment> fragments, const Layout& layout,
                                    NumberSequence& numbers) {
  std::vector<StoredFragment> stored;
  stored.reserve(fragments.size());
  for (MediaFragment& fragment : fragments) {
    if (fragment.newSession) {
      numbers.newSession();
    }
    ChunkSource& source = fragment.source;
    source.number = numbers.next(source.serverMs);
    StoredFragment result;
    result.frames = describeFrames(source, layout);
    result.chunk = Bytes::take(writeChunk(source, layout));
    result.info.number = source.number;
    result.info.producerMs = source.producerMs;
    result.info.serverMs = source.serverMs;
    result.info.lengthMs = fragment.lengthMs;
    result.info.sizeBytes = result.chunk.size();
    result.info.discont = fragment.discont;
    result.info.tags = source.tagsBeforeInfo;
    result.info.tags.insert(result.info.tags.end(), source.tagsAfterCluster.begin(),
                            source.tagsAfterCluster.end());
    for (size_t i = 0; i < source.tracks.size(); ++i) {
      result.tracks[static_cast<int>(i) + 1] = source.tracks[i];
    }
    stored.push_back(std::move(result));
    source.frames.clear();  // their bytes are in the chunk now
  }
  return stored;
}

}  // namespace kvsemulator
