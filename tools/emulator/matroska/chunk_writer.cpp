// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/chunk_writer.h"

#include <cstdint>
#include <map>

#include "base/digest.h"
#include "matroska/chunk_header.h"
#include "matroska/ebml_ids.h"
#include "matroska/ebml_writer.h"

namespace kvsemulator {
namespace {

constexpr int kSizeLength = 8;  // of the elements in a Cluster, as the KVS producer SDKs write them
constexpr size_t kBlockOverhead = 40;

bool fitsInt16(int64_t units) { return units >= INT16_MIN && units <= INT16_MAX; }

/// Writes blocks, and Clusters around them: a new one where the layout wants
/// one or where the offset of a block does not fit its 16 bits.
class ClusterWriter {
 public:
  ClusterWriter(std::string& chunk, const ChunkSource& source, const Layout& layout)
      : chunk_(chunk),
        source_(source),
        layout_(layout),
        timecode_(layout.toUnits(source.timecodeMs * 1'000'000)),
        framesPerCluster_(source.frames.size() / static_cast<size_t>(layout.clusters) + 1) {}

  void write() {
    for (const Frame& frame : source_.frames) {
      const int64_t units = layout_.toUnits(frame.timeNs);
      if (count_ == framesPerCluster_ || !fitsInt16(units - base_)) {
        flush();
        base_ = units;
      }
      block(frame, units - base_);
      ++count_;
    }
    flush();
  }

 private:
  void block(const Frame& frame, int64_t offset) {
    EbmlWriter out(body_);
    if (layout_.voidElements) {
      out.element(ebml::kVoid, std::string(3, '\0'));
    }
    const uint64_t size = frame.data.size() + 4;
    if (layout_.blockGroups) {
      std::string reference;
      if (!frame.key) {
        const int64_t back =
            previous_.count(frame.track) != 0 ? previous_[frame.track] - offset : 0;
        EbmlWriter(reference).header(ebml::kReferenceBlock, 2);
        EbmlWriter(reference).bigEndian(static_cast<uint64_t>(back), 2);
      }
      out.header(ebml::kBlockGroup, 1 + kSizeLength + size + reference.size(), kSizeLength);
      out.header(ebml::kBlock, size, kSizeLength);
      blockContent(frame, offset, 0);
      body_ += reference;
    } else {
      out.header(ebml::kSimpleBlock, size, kSizeLength);
      blockContent(frame, offset, frame.key ? 0x80 : 0);
    }
    previous_[frame.track] = offset;
  }

  void blockContent(const Frame& frame, int64_t offset, int flags) {
    EbmlWriter out(body_);
    out.size(static_cast<uint64_t>(frame.track));  // the track number is coded like a size
    out.bigEndian(static_cast<uint64_t>(offset), 2);
    out.bigEndian(static_cast<uint64_t>(flags), 1);
    body_ += frame.data.view();
  }

  void flush() {
    if (body_.empty()) {
      return;
    }
    std::string time;
    EbmlWriter(time).number64(ebml::kTimecode, static_cast<uint64_t>(timecode_ + base_));
    std::string before;
    if (layout_.timecodePlace == TimecodePlace::kSecond) {
      EbmlWriter(before).number(ebml::kPrevSize, 4242);
    }
    EbmlWriter(before).number(ebml::kPosition, 0);
    if (layout_.timecodePlace == TimecodePlace::kFirst) {
      before = time + before;
    } else if (layout_.timecodePlace == TimecodePlace::kSecond) {
      before += time;
    } else {
      body_ += time;
    }
    EbmlWriter out(chunk_);
    out.id(ebml::kCluster);
    if (layout_.knownClusterSize) {
      out.size(before.size() + body_.size(), kSizeLength);
    } else {
      out.unknownSize(1);
    }
    chunk_ += before;
    chunk_ += body_;
    body_.clear();
    count_ = 0;
    previous_.clear();
  }

  std::string& chunk_;
  const ChunkSource& source_;
  const Layout& layout_;
  const int64_t timecode_;
  const size_t framesPerCluster_;
  std::string body_;
  size_t count_ = 0;
  int64_t base_ = 0;
  std::map<int, int64_t> previous_;
};

}  // namespace

std::string writeChunk(const ChunkSource& source, const Layout& layout) {
  std::string chunk = writeChunkHeader(source, layout);
  size_t size = chunk.size();
  for (const Frame& frame : source.frames) {
    size += frame.data.size() + kBlockOverhead;
  }
  chunk.reserve(size);
  ClusterWriter(chunk, source, layout).write();
  for (const Tag& tag : source.tagsAfterCluster) {
    chunk += writeProducerTag(tag);
  }
  return chunk;
}

std::vector<FrameInfo> describeFrames(const ChunkSource& source, const Layout& layout) {
  std::vector<FrameInfo> infos;
  infos.reserve(source.frames.size());
  for (const Frame& frame : source.frames) {
    FrameInfo info;
    info.track = frame.track;
    info.type = source.tracks[static_cast<size_t>(frame.track) - 1].type;
    info.offsetNs = layout.toUnits(frame.timeNs) * layout.timecodeScale;
    info.key = frame.key;
    info.size = frame.data.size();
    info.sha256 = sha256Hex(frame.data.view());
    infos.push_back(std::move(info));
  }
  return infos;
}

}  // namespace kvsemulator
