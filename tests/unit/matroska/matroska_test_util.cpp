// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska_test_util.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "matroska/time_scale.h"

namespace kvsarchive::matroska {
namespace {

void add(ChunkEvent event, Parsed* parsed) {
  const bool open = !parsed->chunks.empty() && !parsed->chunks.back().end;
  if (auto* header = std::get_if<ChunkHeader>(&event)) {
    parsed->inOrder = parsed->inOrder && !open;
    parsed->chunks.emplace_back();
    parsed->chunks.back().header = std::move(*header);
    return;
  }
  if (!open) {
    parsed->inOrder = false;
    return;
  }
  if (auto* block = std::get_if<ChunkBlock>(&event)) {
    parsed->chunks.back().blocks.push_back(std::move(*block));
  } else {
    parsed->chunks.back().end = std::move(*std::get_if<ChunkEnd>(&event));
  }
}

/// False once the parser is in error.
bool drain(ChunkParser* parser, Parsed* parsed) {
  for (;;) {
    auto event = parser->next();
    if (!event) {
      parsed->error = event.error();
      return false;
    }
    if (!event->has_value()) {
      return true;
    }
    add(std::move(**event), parsed);
  }
}

void write(std::ostream& out, const ChunkTags& tags) {
  out << " number=" << tags.fragmentNumber
      << " producer=" << (tags.producerTimestamp ? toMillis(*tags.producerTimestamp) : -1)
      << " server=" << (tags.serverTimestamp ? toMillis(*tags.serverTimestamp) : -1)
      << " error=" << tags.errorCode << "/" << tags.errorId << "/" << tags.errorMessage;
  for (const Tag& tag : tags.producer) {
    out << " [" << tag.name << "]=[" << tag.value << "]";
  }
  out << "\n";
}

}  // namespace

size_t Parsed::completeChunks() const {
  return static_cast<size_t>(std::count_if(
      chunks.begin(), chunks.end(), [](const auto& chunk) { return chunk.end.has_value(); }));
}

size_t Parsed::blockCount() const {
  size_t count = 0;
  for (const ParsedChunk& chunk : chunks) {
    count += chunk.blocks.size();
  }
  return count;
}

std::string Parsed::transcript() const {
  std::ostringstream out;
  for (const ParsedChunk& chunk : chunks) {
    out << "header scale=" << chunk.header.timecodeScale;
    write(out, chunk.header.tags);
    for (const Track& track : chunk.header.tracks) {
      out << "  " << describe(track) << " uid=" << track.uid << " name=" << track.name << " "
          << track.parameters << "\n";
    }
    for (const auto& [block, ticks] : chunk.blocks) {
      out << "block " << ticks << " track=" << block.track << " rel=" << block.relativeTime
          << (block.key ? " key" : "") << (block.simple ? " simple " : " group ")
          << joined(block.element, block.rest).view() << "|" << frameOf(block) << "\n";
    }
    if (chunk.end) {
      out << "end media=" << chunk.end->hasMedia << " bytes=" << chunk.end->bytes;
      write(out, chunk.end->tags);
    }
  }
  out << (error ? "error: " + error->message : "done") << "\n";
  return out.str();
}

Parsed parsePieces(const std::vector<Bytes>& pieces) {
  Parsed parsed;
  ChunkParser parser;
  for (const Bytes& piece : pieces) {
    parser.append(piece);
    if (!drain(&parser, &parsed)) {
      return parsed;
    }
  }
  parser.finish();
  drain(&parser, &parsed);
  return parsed;
}

Parsed parseText(std::string_view text) { return parsePieces({Bytes::copyOf(text)}); }

std::vector<Bytes> cutInOneSlab(std::string_view text, const std::vector<size_t>& cuts) {
  const Bytes whole = Bytes::copyOf(text);
  std::vector<Bytes> pieces;
  size_t start = 0;
  for (const size_t cut : cuts) {
    pieces.push_back(whole.sub(start, cut - start));
    start = cut;
  }
  pieces.push_back(whole.sub(start, whole.size() - start));
  return pieces;
}

std::vector<Bytes> cutInSlabs(std::string_view text, const std::vector<size_t>& cuts) {
  std::vector<Bytes> pieces = cutInOneSlab(text, cuts);
  for (Bytes& piece : pieces) {
    piece = Bytes::copyOf(piece.view());
  }
  return pieces;
}

std::string frameOf(const Block& block) {
  return std::string(
      joined(block.element, block.rest).view().substr(block.frameOffset(), block.frameBytes()));
}

std::string ticksOf(const ParsedChunk& chunk) {
  std::string text;
  for (const ChunkBlock& block : chunk.blocks) {
    text += (text.empty() ? "" : " ") + std::to_string(block.ticks);
  }
  return text;
}

Spliced splice(const std::vector<ParsedChunk>& chunks, OnTrackChange onTrackChange) {
  Spliced result;
  std::optional<Splicer> splicer;
  for (const ParsedChunk& chunk : chunks) {
    int64_t earliest = chunk.blocks.empty() ? 0 : INT64_MAX;
    for (const ChunkBlock& block : chunk.blocks) {
      earliest = std::min(earliest, block.ticks);
    }
    const auto earliestMillis = toMillisRounded(earliest, chunk.header.timecodeScale);
    const FragmentTime time{chunk.header.tags.producerTimestamp.value_or(UnixTime()),
                            earliestMillis.value_or(std::chrono::milliseconds(0)),
                            std::chrono::milliseconds(0)};
    if (!splicer) {
      splicer.emplace(chunk.header, time, onTrackChange);
      result.document = splicer->documentHeader();
      result.origin = splicer->origin();
    }
    const auto begun = splicer->beginFragment(chunk.header, time);
    if (!begun) {
      result.error = begun.error();
      return result;
    }
    result.fragments.push_back(*begun);
    for (size_t i = 0; i < chunk.blocks.size() && !begun->skip; ++i) {
      auto spliced = splicer->splice(ChunkBlock(chunk.blocks[i]));
      if (!spliced) {
        result.error = spliced.error();
        return result;
      }
      if (spliced->has_value()) {
        result.document += std::string((*spliced)->prefix.view());
        result.document += joined((*spliced)->element, (*spliced)->rest).view();
        result.blocks.push_back(std::move(**spliced));
      }
    }
  }
  return result;
}

Spliced spliceText(std::string_view text, OnTrackChange onTrackChange) {
  const Parsed parsed = parseText(text);
  EXPECT_FALSE(parsed.error) << parsed.error->message;
  return splice(parsed.chunks, onTrackChange);
}

}  // namespace kvsarchive::matroska
