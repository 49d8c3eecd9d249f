// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/chunk_builder.h"

#include "support/ebml_bytes.h"

namespace kvsarchive::test {
namespace {

constexpr const char* kPrefix = "AWS_KINESISVIDEO_";

std::string ebmlHeader(const std::string& docType) {
  return element(0x1A45DFA3, unsignedElement(0x4286, 1) + unsignedElement(0x42F7, 1) +
                                 unsignedElement(0x42F2, 4) + unsignedElement(0x42F3, 8) +
                                 element(0x4282, docType) + unsignedElement(0x4287, 2) +
                                 unsignedElement(0x4285, 2));
}

std::string sized(uint32_t id, const std::string& payload, SizeForm form) {
  if (form == SizeForm::kKnown) {
    return element(id, payload);
  }
  return openElement(id, form == SizeForm::kUnknown1 ? 1 : 8) + payload;
}

std::string clusterElement(const ClusterSpec& cluster) {
  std::string payload = cluster.leading;
  for (size_t i = 0; i <= cluster.blocks.size(); ++i) {
    if (cluster.timecode && i == cluster.timecodeAt) {
      payload += unsignedElement(0xE7, *cluster.timecode);
    }
    if (i < cluster.blocks.size()) {
      payload += blockElement(cluster.blocks[i]);
    }
  }
  return sized(0x1F43B675, payload, cluster.size);
}

std::string serviceTags(const ChunkSpec& chunk) {
  const std::string side = chunk.names == TagNames::kWire ? "" : "SIDE_";
  return tagsElement({{std::string(kPrefix) + "FRAGMENT_NUMBER", chunk.number},
                      {kPrefix + ("SERVER_" + side) + "TIMESTAMP", chunk.serverTimestamp},
                      {kPrefix + ("PRODUCER_" + side) + "TIMESTAMP", chunk.producerTimestamp}},
                     "", chunk.sizeBytes);
}

}  // namespace

std::string tagsElement(const TagList& tags, const std::string& targets, int sizeBytes) {
  std::string tag = targets.empty() ? "" : element(0x63C0, targets);
  for (const auto& [name, value] : tags) {
    tag += element(0x67C8, element(0x45A3, name, sizeBytes) + element(0x4487, value, sizeBytes),
                   sizeBytes);
  }
  return element(0x1254C367, element(0x7373, tag, sizeBytes), sizeBytes);
}

std::string trackEntry(const TrackSpec& track) {
  std::string payload = unsignedElement(0xD7, track.number);
  if (track.uid != 0) {
    payload += unsignedElement(0x73C5, track.uid);
  }
  payload += unsignedElement(0x83, track.type) + element(0x86, track.codecId);
  if (!track.name.empty()) {
    payload += element(0x536E, track.name);
  }
  return element(0xAE, payload + element(0x63A2, track.codecPrivate) + track.extra);
}

std::string tracksElement(const std::vector<TrackSpec>& tracks, int sizeBytes) {
  std::string entries;
  for (const TrackSpec& track : tracks) {
    entries += trackEntry(track);
  }
  return element(0x1654AE6B, entries, sizeBytes);
}

std::string blockElement(const BlockSpec& block) {
  const std::string head =
      varint(block.track, block.trackBytes) + bigEndian(static_cast<uint16_t>(block.offset), 2);
  if (!block.group) {
    return element(0xA3, head + (block.key ? '\x80' : '\0') + block.payload, block.sizeBytes);
  }
  std::string payload = element(0xA1, head + '\0' + block.payload);
  if (block.duration) {
    payload += unsignedElement(0x9B, *block.duration);
  }
  if (!block.key) {
    payload += element(0xFB, "\xD8");  // -40
  }
  return element(0xA0, payload + block.groupExtra, block.sizeBytes);
}

std::string buildChunk(const ChunkSpec& chunk) {
  std::string segment = chunk.beforeInfo;
  if (chunk.timecodeScale != 0) {
    segment += element(0x1549A966, unsignedElement(0x2AD7B1, chunk.timecodeScale), chunk.sizeBytes);
  }
  if (!chunk.tracks.empty()) {
    segment += tracksElement(chunk.tracks, chunk.sizeBytes);
  }
  if (chunk.serviceTags) {
    segment += serviceTags(chunk);
  }
  segment += chunk.beforeCluster;
  for (const ClusterSpec& cluster : chunk.clusters) {
    segment += clusterElement(cluster);
  }
  return ebmlHeader(chunk.docType) + chunk.beforeSegment +
         sized(0x18538067, segment + chunk.afterClusters, chunk.segmentSize);
}

ChunkSpec simpleChunk(const std::string& number, int64_t producerMillis, int frames,
                      int frameMillis) {
  ChunkSpec chunk;
  chunk.number = number;
  chunk.producerTimestamp = epochText(producerMillis);
  chunk.serverTimestamp = epochText(producerMillis + 5250);
  ClusterSpec cluster;
  for (int i = 0; i < frames; ++i) {
    BlockSpec block;
    block.offset = static_cast<int16_t>(i * frameMillis);
    block.key = i == 0;
    block.payload = "frame " + std::to_string(i) + " of " + number;
    cluster.blocks.push_back(block);
  }
  chunk.clusters = {cluster};
  return chunk;
}

std::string epochText(int64_t millis) {
  return std::to_string(millis / 1000) + "." + std::to_string(1000 + millis % 1000).substr(1);
}

std::string errorChunk(const TagList& tags) {
  const std::string header = element(
      0x1A45DFA3,
      element(0x4282, "matroska", 1) + unsignedElement(0x4287, 2) + unsignedElement(0x4285, 2), 4);
  return header + openElement(0x18538067) + tagsElement(tags, "", 4);
}

std::string wireErrorChunk(const std::string& number, const std::string& id,
                           const std::string& code) {
  return errorChunk({{std::string(kPrefix) + "ERROR_CODE", code},
                     {std::string(kPrefix) + "ERROR_ID", id},
                     {std::string(kPrefix) + "FRAGMENT_NUMBER", number}});
}

std::string documentedErrorChunk(const std::string& number, const std::string& id,
                                 const std::string& message) {
  return errorChunk({{std::string(kPrefix) + "FRAGMENT_NUMBER", number},
                     {std::string(kPrefix) + "EXCEPTION_ERROR_CODE", id},
                     {std::string(kPrefix) + "EXCEPTION_MESSAGE", message}});
}

}  // namespace kvsarchive::test
