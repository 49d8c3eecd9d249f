// SPDX-License-Identifier: LGPL-2.1-or-later
#include "seeds.h"
#include "support/chunk_builder.h"
#include "support/ebml_bytes.h"
#include "unit/matroska/sample_chunks.h"

namespace kvsarchive::fuzz {
namespace {

using matroska::fileChunk;
using matroska::sdkChunk;
using test::buildChunk;
using test::ChunkSpec;

constexpr int64_t kMillis = 1'772'359'200'000;

/// The second fragment has other parameters, an audio track more, and comes before the first ends.
std::string changingTracks() {
  ChunkSpec first = test::simpleChunk("1", kMillis, 3);
  ChunkSpec second = test::simpleChunk("2", kMillis + 60, 3);
  second.tracks = {test::TrackSpec(), test::audioTrack(300, "left")};
  second.tracks[0].codecPrivate = "other";
  second.clusters[0].blocks[1].track = 300;
  ChunkSpec third = test::simpleChunk("3", kMillis - 10'000, 2);
  third.tracks[0].number = 7;
  third.clusters[0].blocks[0].track = third.clusters[0].blocks[1].track = 7;
  return buildChunk(first) + buildChunk(second) + buildChunk(third);
}

/// Groups with durations, references and a CRC-32, in a scale that has to be changed.
std::string rescaledGroups() {
  ChunkSpec chunk = test::simpleChunk("4", kMillis, 3);
  chunk.timecodeScale = 100'000;
  for (test::BlockSpec& block : chunk.clusters[0].blocks) {
    block.group = true;
    block.duration = 400;
    block.groupExtra = test::element(0xBF, "crc1");
  }
  return buildChunk(chunk);
}

/// Two Clusters more than 32 s apart, the Timecode of one behind its blocks.
std::string farClusters() {
  ChunkSpec chunk = test::simpleChunk("6", kMillis, 2);
  chunk.clusters.push_back(chunk.clusters[0]);
  chunk.clusters[1].timecode = 100'000;
  chunk.clusters[1].timecodeAt = 2;
  chunk.clusters[1].size = test::SizeForm::kUnknown1;
  return buildChunk(chunk);
}

}  // namespace

Seeds chunkSeeds() {
  const Seeds media = {
      {"sdk", buildChunk(sdkChunk())},
      {"file", buildChunk(fileChunk())},
      {"all", matroska::sampleInput()},
      {"tracks", changingTracks()},
      {"groups", rescaledGroups()},
      {"clusters", farClusters()},
      {"wire-error", test::wireErrorChunk("77", "3000", "FRAGMENT_NOT_FOUND")},
      {"documented-error", test::documentedErrorChunk("78", "4500", "no access to the key")}};
  Seeds seeds;
  char how = 0;
  for (const auto& [name, bytes] : media) {
    seeds.emplace_back(name, std::string{how, '\0'} + bytes);
    seeds.emplace_back(name + "-in-pieces", std::string{static_cast<char>(how + 4), '\7'} + bytes);
    how = static_cast<char>((how + 1) % 3);
  }
  return seeds;
}

Seeds ebmlSeeds() {
  const std::string tags =
      test::tagsElement({{"AWS_KINESISVIDEO_FRAGMENT_NUMBER", "123"},
                         {"AWS_KINESISVIDEO_SERVER_TIMESTAMP", "1511852109.126"},
                         {"AWS_KINESISVIDEO_PRODUCER_SIDE_TIMESTAMP", "1511592929.5"},
                         {"AWS_KINESISVIDEO_EXCEPTION_MESSAGE", "no"},
                         {"site", "north"}},
                        test::unsignedElement(0x63C5, 11), 4)
          .substr(8);
  const std::string tracks =
      test::tracksElement({test::TrackSpec(), test::audioTrack(300, "left")}, 4).substr(8);
  test::BlockSpec block;
  block.sizeBytes = 4;
  test::BlockSpec group = block;
  group.group = true;
  group.key = false;
  group.duration = 40;
  const std::string simplePayload = test::blockElement(block).substr(5);
  const std::string groupPayload = test::blockElement(group).substr(5);
  return {{"tags", std::string(1, '\0') + tags},   {"tracks", '\1' + tracks},
          {"simple-block", '\2' + simplePayload},  {"block-group", '\3' + groupPayload},
          {"rescaled-group", '\4' + groupPayload}, {"elements", '\5' + tags + tracks}};
}

Seeds mp4Seeds() {
  const auto number = [](uint64_t value, size_t size) {
    std::string bytes(size, '\0');
    for (size_t i = 0; i < size; ++i) {
      bytes[size - 1 - i] = static_cast<char>(value >> (8 * i) & 0xff);
    }
    return bytes;
  };
  const auto box = [&](const std::string& type, const std::string& content) {
    return number(content.size() + 8, 4) + type + content;
  };
  const auto movie = [&](const std::string& times) {
    return box("moov", box("mvhd", times + std::string(80, '\0')) + box("trak", "x"));
  };
  const std::string type = box("ftyp", "isom0000");
  const std::string plain = movie(std::string(12, '\0') + number(90'000, 4) + number(450'000, 4));
  const std::string wide =
      movie(number(1U << 24, 4) + std::string(16, '\0') + number(90'000, 4) + number(450'000, 8));
  const std::string media = box("mdat", std::string(40, 'm'));
  const std::string large = number(1, 4) + "mdat" + number(46, 8) + std::string(30, 'm');
  return {
      {"movie-first", "\x03" + type + plain + media},
      {"movie-last", "\x10" + type + large + wide},
      {"fragmented", "\x01" + type + plain + box("moof", "x") + media + box("moof", "y") + large},
      {"to-the-end", "\x07" + type + plain + number(0, 4) + "mdat" + std::string(40, 'm')}};
}

}  // namespace kvsarchive::fuzz
