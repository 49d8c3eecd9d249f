// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/bulk_recording.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/random.h"
#include "matroska/chunk_header.h"
#include "matroska/chunk_reader.h"
#include "matroska/ebml_ids.h"
#include "matroska/ebml_writer.h"
#include "media/timeline.h"

namespace kvsemulator {
namespace {

constexpr size_t kBlockHead = 1 + 8 + 4;  // id, size, then track, offset and flags
constexpr size_t kMarkOffset = 8;         // in the frame, behind NAL length and type

/// avcC of a 1280x720 stream, so that demuxers and parsers accept the track.
constexpr char kCodecPrivate[] =
    "\x01\x42\xC0\x1F\xFF\xE1\x00\x18\x67\x42\xC0\x1F\xDA\x01\x40\x16\xEC\x04"
    "\x40\x00\x00\x03\x00"
    "\x40\x00\x00\x0C\x83\xC6\x0C\xA8\x01\x00\x04\x68\xCE\x3C\x80";

}  // namespace

BulkRecording::BulkRecording(const BulkOptions& options, const Layout& layout,
                             NumberSequence& numbers)
    : options_(options),
      layout_(layout),
      frameCount_(std::max<int64_t>(1, options.fragmentBytes / options.frameBytes)) {
  track_.codecId = "V_MPEG4/ISO/AVC";
  track_.name = "bulk";
  track_.codecPrivate.assign(kCodecPrivate, sizeof kCodecPrivate - 1);
  track_.width = 1280;
  track_.height = 720;
  blocks_ = Bytes::take(makeBlocks());
  const int64_t lengthMs = std::llround(options.fragmentSeconds * 1000);
  infos_.resize(static_cast<size_t>(options.fragments));
  for (size_t i = 0; i < infos_.size(); ++i) {
    FragmentInfo& info = infos_[i];
    info.producerMs = options.startMs + static_cast<int64_t>(i) * lengthMs;
    info.serverMs = serverTimeMs(info.producerMs, options.serverOffsetMs, static_cast<int>(i));
    info.lengthMs = lengthMs;
    info.number = numbers.next(info.serverMs);
    info.sizeBytes = head(i).size() + blocks_.size();
  }
}

std::vector<Bytes> BulkRecording::chunk(size_t index) const {
  return {Bytes::take(head(index)), options_.unique ? uniqueBlocks(index) : blocks_};
}

std::map<int, Track> BulkRecording::tracks(size_t) const { return {{1, track_}}; }

std::vector<FrameInfo> BulkRecording::frames(size_t index) const {
  std::string whole;
  for (const Bytes& piece : chunk(index)) {
    whole += piece.view();
  }
  const auto parsed = readChunk(whole, true);
  return parsed ? parsed->frames : std::vector<FrameInfo>();
}

std::string BulkRecording::head(size_t index) const {
  const FragmentInfo& info = infos_[index];
  ChunkSource source;
  source.number = info.number;
  source.producerMs = info.producerMs;
  source.serverMs = info.serverMs;
  source.tracks = {track_};
  std::string text = writeChunkHeader(source, layout_);
  const int64_t timecodeMs =
      layout_.absoluteTimecodes ? info.producerMs : info.producerMs - options_.startMs;
  std::string time;
  EbmlWriter(time).number64(ebml::kTimecode,
                            static_cast<uint64_t>(layout_.toUnits(timecodeMs * 1'000'000)));
  EbmlWriter out(text);
  out.id(ebml::kCluster);
  if (layout_.knownClusterSize) {
    out.size(time.size() + blocks_.size(), 8);
  } else {
    out.unknownSize(1);
  }
  return text + time;
}

std::string BulkRecording::makeBlocks() const {
  std::string blocks;
  blocks.reserve(static_cast<size_t>(frameCount_) *
                 (kBlockHead + static_cast<size_t>(options_.frameBytes)));
  EbmlWriter out(blocks);
  const auto lengthNs = static_cast<int64_t>(options_.fragmentSeconds * 1e9);
  for (int64_t frame = 0; frame < frameCount_; ++frame) {
    out.header(ebml::kSimpleBlock, static_cast<uint64_t>(options_.frameBytes) + 4, 8);
    out.bigEndian(0x81, 1);
    out.bigEndian(static_cast<uint64_t>(layout_.toUnits(lengthNs / frameCount_ * frame)), 2);
    out.bigEndian(frame == 0 ? 0x80 : 0, 1);
    std::string payload(static_cast<size_t>(options_.frameBytes), '\0');
    for (size_t i = 8; i + 8 <= payload.size() && !options_.zeroPayload; i += 8) {
      const uint64_t random = mix((static_cast<uint64_t>(frame) << 32) + i);
      std::memcpy(&payload[i], &random, sizeof random);
    }
    const auto nalSize = static_cast<uint32_t>(options_.frameBytes - 4);
    for (int i = 0; i < 4; ++i) {
      payload[static_cast<size_t>(i)] = static_cast<char>(nalSize >> (24 - 8 * i));
    }
    payload[4] = frame == 0 ? 0x65 : 0x41;
    blocks += payload;
  }
  return blocks;
}

Bytes BulkRecording::uniqueBlocks(size_t index) const {
  std::string copy(blocks_.view());
  const size_t stride = kBlockHead + static_cast<size_t>(options_.frameBytes);
  for (size_t frame = 0; frame < static_cast<size_t>(frameCount_); ++frame) {
    const uint64_t mark = mix((static_cast<uint64_t>(index) << 32) + frame);
    std::memcpy(&copy[frame * stride + kBlockHead + kMarkOffset], &mark, sizeof mark);
  }
  return Bytes::take(std::move(copy));
}

}  // namespace kvsemulator
