// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/block.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <string>
#include <utility>

#include "matroska/ebml_element.h"
#include "matroska/ebml_ids.h"
#include "matroska/ebml_writer.h"
#include "matroska/time_scale.h"

namespace kvsarchive::matroska {
namespace {

constexpr uint8_t kKeyFlag = 0x80;
constexpr std::chrono::milliseconds kZeroMillis{0};

/// Fills in what a Block's or SimpleBlock's first bytes tell; returns its flags.
Result<uint8_t> readBlockHeader(std::string_view payload, Block* block) {
  block->trackBytes = readVarint(payload, &block->track);
  if (block->trackBytes == 0 || payload.size() < block->trackBytes + 3) {
    return makeError(ErrorKind::kDecode, "The media has a block without a header");
  }
  const auto* bytes = reinterpret_cast<const uint8_t*>(payload.data()) + block->trackBytes;
  block->relativeTime = static_cast<int16_t>(bytes[0] << 8 | bytes[1]);
  return bytes[2];
}

void setPosition(std::string_view payload, Block* block) {
  block->headerOffset = static_cast<size_t>(payload.data() - block->element.view().data());
  block->endOffset = block->headerOffset + payload.size();
}

Result<Block> parseGroup(Block block, std::string_view groupPayload) {
  bool found = false;
  block.key = true;
  const Status read = forEachChild(groupPayload, [&](const Element& child) -> Status {
    if (child.id == ids::kReferenceBlock) {
      block.key = false;
    } else if (child.id == ids::kCrc32) {
      block.checksum = true;
    } else if (child.id == ids::kBlock) {
      if (found) {
        return makeError(ErrorKind::kDecode, "The media has a BlockGroup with two Blocks");
      }
      found = true;
      const auto flags = readBlockHeader(child.payload, &block);
      if (!flags) {
        return flags.error();
      }
      setPosition(child.payload, &block);
    }
    return {};
  });
  if (!read) {
    return read.error();
  }
  if (!found) {
    return makeError(ErrorKind::kDecode, "The media has a BlockGroup without a Block");
  }
  return block;
}

/// A track number in as many bytes as it needs.
std::string varint(uint64_t value) {
  int bytes = 1;
  while (bytes < 8 && value >= (uint64_t{1} << (7 * bytes)) - 1) {
    ++bytes;
  }
  std::string text;
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    text += static_cast<char>((value | uint64_t{1} << (7 * bytes)) >> shift & 0xFF);
  }
  return text;
}

/// A signed integer element of at most 8 bytes.
int64_t toSigned(std::string_view payload, uint64_t value) {
  const size_t unused = 64 - 8 * std::min<size_t>(payload.size(), 8);
  return unused == 64 ? 0 : static_cast<int64_t>(value << unused) >> unused;
}

/// A child of a BlockGroup other than the Block, its times in milliseconds.
void copyChild(const Element& child, uint64_t timecodeScale, EbmlWriter* out) {
  const auto value = readUnsigned(child.payload);
  if (child.id == ids::kBlockDuration && value) {
    const auto ticks = static_cast<int64_t>(std::min<uint64_t>(*value, INT64_MAX));
    const auto millis = toMillisRounded(ticks, timecodeScale).value_or(kZeroMillis);
    out->writeUnsigned(child.id, static_cast<uint64_t>(millis.count()));
  } else if (child.id == ids::kReferenceBlock && value) {
    const auto millis =
        toMillisRounded(toSigned(child.payload, *value), timecodeScale).value_or(kZeroMillis);
    out->writeSigned(child.id, millis.count());
  } else if (child.id != ids::kCrc32) {
    out->writeRaw(child.whole);
  }
}

/// The block element once more, with another track number, times in milliseconds and no CRC-32.
std::string rebuilt(const Block& block, uint64_t track, uint64_t timecodeScale) {
  const std::string_view old = block.element.view();
  const size_t timeOffset = block.headerOffset + block.trackBytes;
  const std::string body =
      varint(track) + std::string(old.substr(timeOffset, block.endOffset - timeOffset));
  EbmlWriter out;
  if (block.simple) {
    out.writeBinary(ids::kSimpleBlock, body);
    return out.take();
  }
  EbmlWriter children;
  const auto header = readElementHeader(old);
  // The element was parsed before, so that walking over it again cannot fail.
  (void)forEachChild(old.substr((*header)->headerBytes), [&](const Element& child) -> Status {
    if (child.id == ids::kBlock) {
      children.writeBinary(ids::kBlock, body);
    } else {
      copyChild(child, timecodeScale, &children);
    }
    return {};
  });
  out.writeBinary(ids::kBlockGroup, children.bytes());
  return out.take();
}

}  // namespace

size_t Block::bytesOfPieces() const {
  return std::accumulate(rest.begin(), rest.end(), element.size(),
                         [](size_t sum, const Bytes& piece) { return sum + piece.size(); });
}

void joinBlock(Block* block) {
  block->element = joined(block->element, block->rest);
  block->rest.clear();
}

Result<Block> parseBlock(Bytes element, std::vector<Bytes> rest) {
  Block block;
  block.element = std::move(element);
  block.rest = std::move(rest);
  const size_t bytes = block.bytes();
  const auto header = readElementHeader(block.element.view());
  if (!header || !header->has_value() || (*header)->size != bytes - (*header)->headerBytes) {
    return makeError(ErrorKind::kDecode, "The media has a block of the wrong size");
  }
  const std::string_view payload = block.element.view().substr((*header)->headerBytes);
  block.simple = (*header)->id == ids::kSimpleBlock;
  if (!block.simple) {
    return parseGroup(std::move(block), payload);
  }
  const auto flags = readBlockHeader(payload, &block);
  if (!flags) {
    return flags.error();
  }
  block.key = (*flags & kKeyFlag) != 0;
  setPosition(payload, &block);
  block.endOffset = bytes;
  return block;
}

void rewriteBlock(Block* block, uint64_t track, int16_t relativeMillis, uint64_t timecodeScale) {
  const std::string number = varint(track);
  const bool rescale = !block->simple && timecodeScale != kNanosPerMilli;
  if (number.size() != block->trackBytes || rescale || block->checksum) {
    if (!block->rest.empty()) {
      joinBlock(block);
    }
    auto parsed = parseBlock(Bytes::copyOf(rebuilt(*block, track, timecodeScale)));
    *block = std::move(*parsed);
  }
  uint8_t* bytes = block->element.data() + block->headerOffset;
  std::copy(number.begin(), number.end(), bytes);
  bytes[block->trackBytes] = static_cast<uint8_t>(relativeMillis >> 8);
  bytes[block->trackBytes + 1] = static_cast<uint8_t>(relativeMillis);
  block->track = track;
  block->relativeTime = relativeMillis;
}

}  // namespace kvsarchive::matroska
