// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/fifo.h"
#include "base/result.h"
#include "matroska/byte_queue.h"
#include "matroska/chunk.h"
#include "matroska/ebml_element.h"

namespace kvsarchive::matroska {

/// Takes the service's media apart: any number of Matroska documents, one per fragment, arriving in
/// pieces of any size. After an error it stays in error.
///
/// Whatever comes, it holds at most kMaxHeldBytes, bookkeeping included, of what it has not handed
/// out, if all events are taken before more is appended: one element that is not whole yet, and
/// once more while it is put together of its pieces; the tracks and tags of one chunk; and the
/// blocks of a Cluster whose Timecode comes late. Elements that are not needed are skipped as they
/// come. No depth of nesting is followed beyond what Matroska has.
class ChunkParser {
 public:
  /// Blocks that wait for a Timecode that stands behind them, with what keeping each costs: one
  /// fragment at its largest.
  static constexpr size_t kMaxWaitingBytes = size_t{64} << 20;
  static constexpr size_t kMaxHeldBytes = 2 * kMaxWaitingBytes + 4 * kMaxElementBytes;
  static_assert(sizeof(ChunkEvent) <= 512, "a waiting block of no bytes costs little");

  void append(Bytes bytes) { input_.append(std::move(bytes)); }
  /// Says that no more bytes follow.
  void finish() { finished_ = true; }

  /// The next event; no value: append more, or, after finish(), all is done. Order per chunk:
  /// ChunkHeader, ChunkBlock*, ChunkEnd.
  /// Errors: kDecode for what is not such media, kRead when the input ends inside a chunk.
  Result<std::optional<ChunkEvent>> next();

  /// Bytes of the chunk being received that are parsed so far, from its EBML header on; what of an
  /// element has come before the element is whole does not count. 0 between chunks.
  uint64_t chunkBytes() const;
  /// Bytes that it holds of what was appended.
  size_t heldBytes() const { return input_.size() + cluster_.waitingBytes; }

 private:
  enum class Place { kBetweenChunks, kBeforeSegment, kInSegment, kInCluster };

  struct Cluster {
    uint64_t bytesLeft = 0;  ///< kUnknownSize: ends at the next element of a higher level
    std::optional<int64_t> timecode;
    std::vector<Block> waiting;  ///< blocks read before the Timecode
    size_t waitingBytes = 0;
  };

  struct Chunk {
    uint64_t begin = 0;  ///< bytes of the input before it
    ChunkHeader header;
    bool headerSent = false;
    bool hasTracks = false;
    std::optional<int64_t> firstTimecode;
  };

  /// One step; false if it needs more bytes.
  Result<bool> step();
  Result<bool> atEnd();
  Result<bool> betweenChunks(const ElementHeader& header);
  Result<bool> beforeSegment(const ElementHeader& header);
  Result<bool> inSegment(const ElementHeader& header);
  Result<bool> inCluster(const ElementHeader& header);
  Result<bool> clusterChild(const ElementHeader& header);

  Result<bool> isWhole(const ElementHeader& header);
  Result<bool> readWhole(const ElementHeader& header, Bytes* element);
  Result<bool> skipElement(const ElementHeader& header);
  Status readInfo(std::string_view payload);
  Status readTimecode(std::string_view payload);
  Status readBlock(const ElementHeader& header);
  Result<Block> takeBlock(const ElementHeader& header);
  bool isLone(uint64_t bytes);
  Status sendBlock(Block&& block);
  Status endCluster();
  void endChunk();
  void sendHeader();

  ByteQueue input_;
  bool finished_ = false;
  uint64_t skipping_ = 0;
  uint64_t blocksEnd_ = 0;    ///< bytes of the input up to the end of the last block
  uint64_t unusedBytes_ = 0;  ///< between blocks, less what blocks have made good for
  Place place_ = Place::kBetweenChunks;
  Chunk chunk_;
  Cluster cluster_;
  Fifo<ChunkEvent> events_;
  std::optional<Error> failed_;
};

}  // namespace kvsarchive::matroska
