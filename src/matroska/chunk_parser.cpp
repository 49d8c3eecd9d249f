// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/chunk_parser.h"

#include <algorithm>

#include "matroska/ebml_ids.h"
#include "matroska/time_scale.h"

namespace kvsarchive::matroska {
namespace {

constexpr size_t kMaxHeaderBytes = 12;
/// Bytes that are no blocks and may lie between them before blocks are copied: headers and tags.
constexpr uint64_t kMaxUnusedBytes = uint64_t{64} << 10;
/// Smaller blocks that cross slabs are copied: one piece is easier on what comes behind.
constexpr size_t kMaxJoined = size_t{64} << 10;
/// Pieces of a block behind the first: a GstBuffer has 16, and one is for what goes before a block.
constexpr size_t kMaxRest = 14;
/// 1000 s per unit; real producers write 1 ms, some 0.1 ms.
constexpr uint64_t kMaxTimecodeScale = 1'000'000'000'000;

/// Of an element that is no longer than kMaxElementBytes.
size_t wholeBytes(const ElementHeader& header) {
  return header.headerBytes + static_cast<size_t>(header.size);
}

Error decodeError(std::string what) {
  return makeError(ErrorKind::kDecode, "The media can't be read: " + std::move(what));
}

}  // namespace

Result<std::optional<ChunkEvent>> ChunkParser::next() {
  while (events_.empty() && !failed_) {
    const auto stepped = step();
    if (!stepped) {
      failed_ = stepped.error();
    } else if (!*stepped) {
      return std::optional<ChunkEvent>();
    }
  }
  if (events_.empty()) {
    return *failed_;
  }
  return std::optional<ChunkEvent>(events_.pop());
}

uint64_t ChunkParser::chunkBytes() const {
  return place_ == Place::kBetweenChunks ? 0 : input_.removed() - chunk_.begin;
}

Result<bool> ChunkParser::step() {
  if (skipping_ > 0) {
    skipping_ -= input_.skip(static_cast<size_t>(std::min<uint64_t>(skipping_, SIZE_MAX)));
    if (skipping_ > 0) {
      return atEnd();
    }
  }
  if (place_ == Place::kInCluster && cluster_.bytesLeft == 0) {
    Status ended = endCluster();
    return ended ? Result<bool>(true) : Result<bool>(ended.error());
  }
  const auto header = readElementHeader(input_.peek(kMaxHeaderBytes));
  if (!header) {
    return header.error();
  }
  if (!header->has_value()) {
    return atEnd();
  }
  switch (place_) {
    case Place::kBetweenChunks:
      return betweenChunks(**header);
    case Place::kBeforeSegment:
      return beforeSegment(**header);
    case Place::kInSegment:
      return inSegment(**header);
    case Place::kInCluster:
      return inCluster(**header);
  }
  return false;
}

/// Nothing more to parse for now. If nothing more will come either, the chunk must be complete.
Result<bool> ChunkParser::atEnd() {
  if (!finished_ || (place_ == Place::kBetweenChunks && input_.size() == 0)) {
    return false;
  }
  const bool clusterOpen =
      place_ == Place::kInCluster && cluster_.bytesLeft != ElementHeader::kUnknownSize;
  if (input_.size() > 0 || skipping_ > 0 || clusterOpen || place_ == Place::kBeforeSegment) {
    return makeError(ErrorKind::kRead, "The media ends in the middle of a fragment");
  }
  if (place_ == Place::kInCluster) {
    Status ended = endCluster();
    if (!ended) {
      return ended.error();
    }
  }
  endChunk();
  return true;
}

Result<bool> ChunkParser::betweenChunks(const ElementHeader& header) {
  if (header.id != ids::kEbml) {
    return decodeError("no EBML header where a fragment should begin");
  }
  const uint64_t begin = input_.removed();
  Bytes element;
  const auto read = readWhole(header, &element);
  if (read && *read) {
    chunk_ = Chunk();
    chunk_.begin = begin;
    place_ = Place::kBeforeSegment;
  }
  return read;
}

Result<bool> ChunkParser::beforeSegment(const ElementHeader& header) {
  if (header.id == ids::kVoid) {
    return skipElement(header);
  }
  if (header.id != ids::kSegment) {
    return decodeError("no Segment behind the EBML header");
  }
  // Its size, where it has one, is stale as often as not; the next EBML header ends it.
  input_.skip(header.headerBytes);
  place_ = Place::kInSegment;
  return true;
}

Result<bool> ChunkParser::inSegment(const ElementHeader& header) {
  if (header.id == ids::kEbml) {
    endChunk();
    return true;
  }
  if (header.id == ids::kCluster) {
    if (!chunk_.hasTracks) {
      return decodeError("a Cluster without Tracks before it");
    }
    input_.skip(header.headerBytes);
    cluster_ = Cluster();
    cluster_.bytesLeft = header.size;
    place_ = Place::kInCluster;
    return true;
  }
  if (ids::isOnlyInCluster(header.id)) {
    return decodeError("frames outside of a Cluster");  // its size is damaged
  }
  if (header.id != ids::kInfo && header.id != ids::kTracks && header.id != ids::kTags) {
    return skipElement(header);
  }
  Bytes element;
  const auto read = readWhole(header, &element);
  if (!read || !*read) {
    return read;
  }
  const std::string_view payload = element.view().substr(header.headerBytes);
  Status parsed;
  if (header.id == ids::kTags) {
    parsed = addTags(payload, &chunk_.header.tags);
  } else if (header.id == ids::kInfo) {
    parsed = readInfo(payload);
  } else if (!chunk_.headerSent) {
    auto tracks = parseTracks(payload);
    chunk_.hasTracks = tracks.ok();
    if (tracks) {
      chunk_.header.tracks = std::move(*tracks);
    } else {
      parsed = tracks.error();
    }
  }
  return parsed ? Result<bool>(true) : Result<bool>(parsed.error());
}

Result<bool> ChunkParser::inCluster(const ElementHeader& header) {
  if (cluster_.bytesLeft == ElementHeader::kUnknownSize) {
    if (ids::isTopLevel(header.id) || header.id == ids::kEbml) {
      Status ended = endCluster();
      return ended ? Result<bool>(true) : Result<bool>(ended.error());
    }
    return clusterChild(header);
  }
  if (header.unknownSize() || header.headerBytes > cluster_.bytesLeft ||
      header.size > cluster_.bytesLeft - header.headerBytes) {
    return decodeError("an element that leaves its Cluster");
  }
  const auto read = clusterChild(header);
  if (read && *read) {
    cluster_.bytesLeft -= header.headerBytes + header.size;
  }
  return read;
}

Result<bool> ChunkParser::clusterChild(const ElementHeader& header) {
  if (header.id == ids::kEbml || header.id == ids::kSegment) {
    return decodeError("a Cluster that is not complete");
  }
  // Passing over what is not known would lose frames without a word where bytes are damaged.
  if (!ids::isClusterChild(header.id)) {
    return decodeError("an unknown element in a Cluster");
  }
  // What is left are numbers; a block whose id lost a bit would look like one.
  const bool isNumber = header.id == ids::kPosition || header.id == ids::kPrevSize;
  if (isNumber && header.size > sizeof(uint64_t)) {
    return decodeError("a number of more than 8 bytes in a Cluster");
  }
  const bool isBlock = header.id == ids::kSimpleBlock || header.id == ids::kBlockGroup;
  if (!isBlock && header.id != ids::kTimecode) {
    return skipElement(header);
  }
  const auto whole = isWhole(header);
  if (!whole || !*whole) {
    return whole;
  }
  const Status parsed =
      isBlock ? readBlock(header)
              : readTimecode(input_.take(wholeBytes(header)).view().substr(header.headerBytes));
  return parsed ? Result<bool>(true) : Result<bool>(parsed.error());
}

Result<bool> ChunkParser::isWhole(const ElementHeader& header) {
  if (header.size > kMaxElementBytes - header.headerBytes) {  // also kUnknownSize
    return decodeError(header.unknownSize() ? "an element without a size"
                                            : "one element of " + std::to_string(header.size) +
                                                  " bytes; matroskademux takes 15 MiB at the most");
  }
  if (input_.size() < wholeBytes(header)) {
    return atEnd();
  }
  return true;
}

Result<bool> ChunkParser::readWhole(const ElementHeader& header, Bytes* element) {
  const auto whole = isWhole(header);
  if (whole && *whole) {
    *element = input_.take(wholeBytes(header));
  }
  return whole;
}

Result<bool> ChunkParser::skipElement(const ElementHeader& header) {
  if (header.unknownSize()) {
    return decodeError("an element without a size");
  }
  input_.skip(header.headerBytes);
  skipping_ = header.size;
  return true;
}

Status ChunkParser::readInfo(std::string_view payload) {
  if (chunk_.headerSent) {
    return {};  // block times were already told in the first one's units
  }
  return forEachChild(payload, [this](const Element& child) -> Status {
    if (child.id != ids::kTimecodeScale) {
      return {};
    }
    if (child.payload.empty()) {
      chunk_.header.timecodeScale = kNanosPerMilli;  // EBML: no bytes mean the default
      return {};
    }
    const auto scale = readUnsigned(child.payload);
    if (!scale || *scale == 0 || *scale > kMaxTimecodeScale) {
      return decodeError("a TimecodeScale out of range");
    }
    chunk_.header.timecodeScale = *scale;
    return {};
  });
}

Status ChunkParser::readTimecode(std::string_view payload) {
  const auto timecode = readUnsigned(payload);
  if (!timecode || *timecode > INT64_MAX) {
    return decodeError("a Cluster Timecode out of range");
  }
  if (cluster_.timecode) {
    return {};
  }
  cluster_.timecode = static_cast<int64_t>(*timecode);
  if (!chunk_.firstTimecode) {
    chunk_.firstTimecode = cluster_.timecode;
  }
  cluster_.waitingBytes = 0;
  for (Block& block : std::exchange(cluster_.waiting, {})) {
    Status sent = sendBlock(std::move(block));
    if (!sent) {
      return sent;
    }
  }
  return {};
}

Status ChunkParser::readBlock(const ElementHeader& header) {
  const size_t bytes = wholeBytes(header);
  auto block = takeBlock(header);
  if (!block) {
    return block.error();
  }
  if (cluster_.timecode) {
    return sendBlock(std::move(*block));
  }
  cluster_.waitingBytes += bytes + sizeof(ChunkEvent);
  if (cluster_.waitingBytes > kMaxWaitingBytes) {
    return decodeError("a Cluster with 64 MiB of blocks before its Timecode");
  }
  cluster_.waiting.push_back(std::move(*block));
  return {};
}

/// A block is a view of the slabs it came in and keeps all of them alive. Where more lies between
/// blocks than they have bytes themselves, they are copied: else blocks of a few bytes, with
/// skipped elements between them, would hold a slab each.
bool ChunkParser::isLone(uint64_t bytes) {
  unusedBytes_ += input_.removed() - blocksEnd_;
  unusedBytes_ = std::min<uint64_t>(unusedBytes_, Slab::kDefaultSize + kMaxUnusedBytes);
  blocksEnd_ = input_.removed() + bytes;
  const bool lone = unusedBytes_ > kMaxUnusedBytes + bytes;
  unusedBytes_ -= std::min(unusedBytes_, bytes);
  return lone;
}

/// A large block that crosses slabs stays in pieces: a copy would take its memory once more, while
/// the slabs are held by what else is in them.
Result<Block> ChunkParser::takeBlock(const ElementHeader& header) {
  const size_t bytes = wholeBytes(header);
  if (isLone(bytes)) {
    return parseBlock(Bytes::copyOf(input_.take(bytes).view()));
  }
  if (header.id != ids::kSimpleBlock || bytes <= kMaxJoined) {
    return parseBlock(input_.take(bytes));
  }
  std::vector<Bytes> pieces = input_.takePieces(bytes, kMaxBlockHead);
  Bytes first = std::move(pieces.front());
  pieces.erase(pieces.begin());
  auto block = parseBlock(std::move(first), std::move(pieces));
  if (block && block->rest.size() > kMaxRest) {
    joinBlock(&*block);
  }
  return block;
}

Status ChunkParser::sendBlock(Block&& block) {
  const auto& tracks = chunk_.header.tracks;
  if (std::none_of(tracks.begin(), tracks.end(),
                   [&](const Track& track) { return track.number == block.track; })) {
    return decodeError("a block of a track that is not in Tracks");
  }
  ChunkBlock event;
  if (__builtin_add_overflow(*cluster_.timecode - *chunk_.firstTimecode,
                             int64_t{block.relativeTime}, &event.ticks)) {
    return decodeError("a block time out of range");
  }
  event.block = std::move(block);
  sendHeader();
  events_.push(std::move(event));
  return {};
}

Status ChunkParser::endCluster() {
  if (!cluster_.waiting.empty()) {
    return decodeError("a Cluster without a Timecode");
  }
  sendHeader();  // an empty Cluster is media too, only without frames
  place_ = Place::kInSegment;
  return {};
}

void ChunkParser::endChunk() {
  const bool hasMedia = chunk_.headerSent;
  sendHeader();
  events_.push(ChunkEnd{std::move(chunk_.header.tags), hasMedia, chunkBytes()});
  place_ = Place::kBetweenChunks;
}

void ChunkParser::sendHeader() {
  if (!chunk_.headerSent) {
    chunk_.headerSent = true;
    events_.push(chunk_.header);
  }
}

}  // namespace kvsarchive::matroska
