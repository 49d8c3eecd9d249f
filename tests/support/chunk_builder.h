// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kvsarchive::test {

struct BlockSpec {
  int16_t offset = 0;
  bool key = true;
  std::string payload = "frame";
  uint64_t track = 1;
  bool group = false;                ///< BlockGroup instead of SimpleBlock
  std::optional<uint64_t> duration;  ///< of a group
  std::string groupExtra;            ///< more children of a group
  int trackBytes = 0;                ///< 0 = as few as needed
  int sizeBytes = 0;                 ///< of the outer element
};

struct TrackSpec {
  uint64_t number = 1;
  uint64_t uid = 11;  ///< 0 = no element
  uint8_t type = 1;   ///< 1 video, 2 audio
  std::string codecId = "V_MPEG4/ISO/AVC";
  std::string name;
  std::string codecPrivate = "private";
  std::string extra;  ///< more children, as bytes
};

inline TrackSpec audioTrack(uint64_t number = 2, const std::string& name = "") {
  return {number, 10 + number, 2, "A_AAC", name, "aac", ""};
}

enum class SizeForm { kKnown, kUnknown1, kUnknown8 };

struct ClusterSpec {
  std::optional<uint64_t> timecode = 0;
  std::vector<BlockSpec> blocks;
  SizeForm size = SizeForm::kUnknown8;
  size_t timecodeAt = 0;  ///< blocks that stand before the Timecode
  std::string leading;    ///< bytes before the first child
};

/// The two families of names that the service may use.
enum class TagNames { kWire, kDocumented };

using TagList = std::vector<std::pair<std::string, std::string>>;

/// One fragment as the service sends it.
struct ChunkSpec {
  std::string number = "91343852333181432392682062609776234230823574155";
  std::string producerTimestamp = "1772359200.000";
  std::string serverTimestamp = "1772359205.250";
  TagNames names = TagNames::kWire;
  bool serviceTags = true;
  std::vector<TrackSpec> tracks = {TrackSpec()};
  std::vector<ClusterSpec> clusters;
  uint64_t timecodeScale = 1'000'000;  ///< 0 = no Info
  int sizeBytes = 0;                   ///< of Info, Tracks and Tags; 0 = as few as needed
  SizeForm segmentSize = SizeForm::kUnknown8;
  std::string docType = "matroska";
  std::string beforeSegment;
  std::string beforeInfo;
  std::string beforeCluster;
  std::string afterClusters;
};

/// One Tags element with one Tag. `targets`: payload of its Targets element, none if empty.
std::string tagsElement(const TagList& tags, const std::string& targets = "", int sizeBytes = 0);

std::string trackEntry(const TrackSpec& track);
std::string tracksElement(const std::vector<TrackSpec>& tracks, int sizeBytes = 0);
std::string blockElement(const BlockSpec& block);
std::string buildChunk(const ChunkSpec& chunk);

/// A chunk with one cluster, `frames` frames of `frameMillis` ms each, the first one a key frame.
ChunkSpec simpleChunk(const std::string& number, int64_t producerMillis, int frames,
                      int frameMillis = 40);

/// "1772359200.040"
std::string epochText(int64_t millis);

/// What the service sends in place of a fragment: no Info, Tracks, Cluster.
std::string errorChunk(const TagList& tags);
/// As seen on the wire.
std::string wireErrorChunk(const std::string& number, const std::string& id,
                           const std::string& code);
/// As the API's page documents it.
std::string documentedErrorChunk(const std::string& number, const std::string& id,
                                 const std::string& message);

}  // namespace kvsarchive::test
