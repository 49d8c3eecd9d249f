// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "support/chunk_builder.h"
#include "support/ebml_bytes.h"

namespace kvsarchive::matroska {

/// As the KVS SDKs write it: Cluster of unknown size, padded names, sizes in 8 bytes, video and
/// audio, the producer's tags behind the media.
inline test::ChunkSpec sdkChunk() {
  test::ChunkSpec chunk = test::simpleChunk("1001", 1'772'359'200'000, 3);
  chunk.docType = std::string("matroska\0", 9);
  chunk.sizeBytes = 8;
  chunk.tracks = {test::TrackSpec(), test::audioTrack()};
  chunk.tracks[0].codecId += std::string(17, '\0');
  chunk.clusters[0].size = test::SizeForm::kUnknown1;
  test::BlockSpec audio;
  audio.track = 2;
  audio.offset = -10;
  audio.payload = "sound";
  audio.sizeBytes = 8;
  chunk.clusters[0].blocks.push_back(audio);
  chunk.afterClusters = test::tagsElement({{"site", "north"}}, "", 8);
  return chunk;
}

/// As ffmpeg and mkvmerge write it: known sizes, CRC-32, Void, SeekHead, Cues, Attachments, groups,
/// Timecode behind the first block, two clusters, times in 0.1 ms.
inline test::ChunkSpec fileChunk() {
  test::ChunkSpec chunk = test::simpleChunk("1002", 1'772'359'202'000, 2);
  chunk.timecodeScale = 100'000;
  chunk.segmentSize = test::SizeForm::kKnown;
  chunk.beforeSegment = test::element(0xEC, "void");
  chunk.beforeInfo = test::element(0x114D9B74, "seek") + test::element(0xEC, std::string(20, 'v')) +
                     test::tagsElement({{"lens", "wide"}});
  chunk.beforeCluster = test::element(0x1941A469, "attachment");
  test::ClusterSpec& cluster = chunk.clusters[0];
  cluster.timecode = 20'000;
  cluster.size = test::SizeForm::kKnown;
  cluster.leading = test::element(0xBF, "crc1") + test::unsignedElement(0xA7, 5);
  cluster.timecodeAt = 1;
  cluster.blocks[1].group = true;
  cluster.blocks[1].duration = 400;
  chunk.clusters.push_back(cluster);
  chunk.clusters[1].timecode = 20'800;
  chunk.afterClusters = test::element(0x1C53BB6B, "cues");
  return chunk;
}

/// A small input with all that varies: two fragments and an in-band error between them.
inline std::string sampleInput() {
  return test::buildChunk(sdkChunk()) + test::wireErrorChunk("77", "3000", "FRAGMENT_NOT_FOUND") +
         test::buildChunk(fileChunk());
}

}  // namespace kvsarchive::matroska
