// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "matroska/chunk_parser.h"
#include "matroska/splicer.h"

namespace kvsarchive::matroska {

struct ParsedChunk {
  ChunkHeader header;
  std::vector<ChunkBlock> blocks;
  std::optional<ChunkEnd> end;
};

/// All that a parser says about an input.
struct Parsed {
  std::vector<ParsedChunk> chunks;
  std::optional<Error> error;
  bool inOrder = true;  ///< ChunkHeader, ChunkBlock*, ChunkEnd

  size_t completeChunks() const;
  size_t blockCount() const;
  /// One line per event, with all of its content.
  std::string transcript() const;
};

/// Feeds the pieces one by one and takes all events after each.
Parsed parsePieces(const std::vector<Bytes>& pieces);
Parsed parseText(std::string_view text);

/// `text` cut at `cuts` (ascending), as neighbours in one slab or each in a slab of its own.
std::vector<Bytes> cutInOneSlab(std::string_view text, const std::vector<size_t>& cuts);
std::vector<Bytes> cutInSlabs(std::string_view text, const std::vector<size_t>& cuts);

std::string frameOf(const Block& block);

/// "0 40 -20": ticks of the blocks.
std::string ticksOf(const ParsedChunk& chunk);

/// What a splicer makes of chunks.
struct Spliced {
  std::string document;
  std::vector<FragmentSplice> fragments;
  std::vector<SplicedBlock> blocks;
  std::optional<Error> error;
  UnixTime origin{};
};

/// Splices chunks whose time is the producer timestamp of their tags.
Spliced splice(const std::vector<ParsedChunk>& chunks,
               OnTrackChange onTrackChange = OnTrackChange::kError);
/// The same from the bytes of all chunks, which must be readable.
Spliced spliceText(std::string_view text, OnTrackChange onTrackChange = OnTrackChange::kError);

}  // namespace kvsarchive::matroska
