// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

/// Element ids as they stand in a file, length marker included.
/// Source: https://www.rfc-editor.org/rfc/rfc9559 (Matroska), rfc8794 (EBML)
namespace kvsarchive::matroska::ids {

constexpr uint32_t kEbml = 0x1A45DFA3;
constexpr uint32_t kEbmlVersion = 0x4286;
constexpr uint32_t kEbmlReadVersion = 0x42F7;
constexpr uint32_t kEbmlMaxIdLength = 0x42F2;
constexpr uint32_t kEbmlMaxSizeLength = 0x42F3;
constexpr uint32_t kDocType = 0x4282;
constexpr uint32_t kDocTypeVersion = 0x4287;
constexpr uint32_t kDocTypeReadVersion = 0x4285;
constexpr uint32_t kVoid = 0xEC;
constexpr uint32_t kCrc32 = 0xBF;

constexpr uint32_t kSegment = 0x18538067;
constexpr uint32_t kSeekHead = 0x114D9B74;
constexpr uint32_t kInfo = 0x1549A966;
constexpr uint32_t kTracks = 0x1654AE6B;
constexpr uint32_t kTags = 0x1254C367;
constexpr uint32_t kCluster = 0x1F43B675;
constexpr uint32_t kCues = 0x1C53BB6B;
constexpr uint32_t kAttachments = 0x1941A469;
constexpr uint32_t kChapters = 0x1043A770;

constexpr uint32_t kTimecodeScale = 0x2AD7B1;
constexpr uint32_t kDuration = 0x4489;
constexpr uint32_t kMuxingApp = 0x4D80;
constexpr uint32_t kWritingApp = 0x5741;

constexpr uint32_t kTrackEntry = 0xAE;
constexpr uint32_t kTrackNumber = 0xD7;
constexpr uint32_t kTrackUid = 0x73C5;
constexpr uint32_t kTrackType = 0x83;
constexpr uint32_t kTrackName = 0x536E;
constexpr uint32_t kTrackTimecodeScale = 0x23314F;
constexpr uint32_t kCodecId = 0x86;

constexpr uint32_t kCuePoint = 0xBB;
constexpr uint32_t kCueTime = 0xB3;
constexpr uint32_t kCueTrackPositions = 0xB7;
constexpr uint32_t kCueTrack = 0xF7;
constexpr uint32_t kCueClusterPosition = 0xF1;

constexpr uint32_t kTag = 0x7373;
constexpr uint32_t kSimpleTag = 0x67C8;
constexpr uint32_t kTagName = 0x45A3;
constexpr uint32_t kTagString = 0x4487;
constexpr uint32_t kTagBinary = 0x4485;

constexpr uint32_t kTimecode = 0xE7;
constexpr uint32_t kSimpleBlock = 0xA3;
constexpr uint32_t kBlockGroup = 0xA0;
constexpr uint32_t kBlock = 0xA1;
constexpr uint32_t kSilentTracks = 0x5854;
constexpr uint32_t kPosition = 0xA7;
constexpr uint32_t kPrevSize = 0xAB;
constexpr uint32_t kBlockDuration = 0x9B;
constexpr uint32_t kReferenceBlock = 0xFB;

/// True for elements that stand directly below Segment, so that they end a Cluster of unknown size.
constexpr bool isTopLevel(uint32_t id) {
  return id == kSeekHead || id == kInfo || id == kTracks || id == kTags || id == kCluster ||
         id == kCues || id == kAttachments || id == kChapters;
}

/// True for what stands in a Cluster and nowhere else.
constexpr bool isOnlyInCluster(uint32_t id) {
  return id == kTimecode || id == kSimpleBlock || id == kBlockGroup || id == kSilentTracks ||
         id == kPosition || id == kPrevSize;
}

/// True for all that can stand in a Cluster, but for EncryptedBlock: that is obsolete, no demuxer
/// plays it, and passing over it would lose frames without a word.
constexpr bool isClusterChild(uint32_t id) {
  return isOnlyInCluster(id) || id == kVoid || id == kCrc32;
}

}  // namespace kvsarchive::matroska::ids
