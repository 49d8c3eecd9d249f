// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <vector>

#include "checks.h"
#include "matroska/chunk_parser.h"
#include "matroska/splicer.h"
#include "matroska/time_scale.h"
#include "support/document_reader.h"
#include "targets.h"

namespace kvsarchive::fuzz {
namespace {

using namespace matroska;  // NOLINT(google-build-using-namespace): it is what is tested here

struct Fragment {
  ChunkHeader header;
  std::vector<ChunkBlock> blocks;
};

/// All that the parser made of one input.
struct Parsed {
  std::vector<Fragment> fragments;
  uint64_t digest = 14695981039346656037U;  ///< of all events and the error
  uint64_t chunkBytes = 0;                  ///< of the chunks that are complete
  uint64_t blockBytes = 0;
  bool open = false;  ///< a chunk was begun and not ended
  std::optional<Error> error;
};

void mix(std::string_view text, uint64_t* digest) {
  for (const char c : text) {
    *digest = (*digest ^ static_cast<uint8_t>(c)) * 1099511628211U;
  }
  *digest = (*digest ^ text.size()) * 1099511628211U;
}

void mix(uint64_t number, uint64_t* digest) {
  mix(std::string_view(reinterpret_cast<const char*>(&number), sizeof number), digest);
}

void mix(const ChunkTags& tags, uint64_t* digest) {
  for (const std::string* text :
       {&tags.fragmentNumber, &tags.errorCode, &tags.errorId, &tags.errorMessage}) {
    mix(*text, digest);
  }
  for (const Tag& tag : tags.producer) {
    mix(tag.name, digest);
    mix(tag.value, digest);
  }
}

void addHeader(ChunkHeader header, Parsed* parsed, Checks* checks) {
  checks->require(!parsed->open, "a chunk begins inside another");
  parsed->open = true;
  mix(header.tags, &parsed->digest);
  mix(header.timecodeScale, &parsed->digest);
  checks->require(header.timecodeScale >= 1 && header.timecodeScale <= 1'000'000'000'000,
                  "a TimecodeScale out of range");
  for (const Track& track : header.tracks) {
    mix(track.number, &parsed->digest);
    mix(track.codecId, &parsed->digest);
    mix(track.parameters, &parsed->digest);
    checks->require(isUtf8(track.codecId) && isUtf8(track.name), "a track with a name of bytes");
  }
  parsed->fragments.push_back({std::move(header), {}});
}

void addBlock(ChunkBlock event, Parsed* parsed, Checks* checks) {
  checks->require(parsed->open, "a block outside of a chunk");
  if (!parsed->open) {
    return;
  }
  const Block& block = event.block;
  checks->require(block.bytes() <= kMaxElementBytes && block.frameOffset() <= block.endOffset &&
                      block.endOffset <= block.bytes() &&
                      block.frameOffset() <= block.element.size(),
                  "a block that is not inside its element");
  parsed->blockBytes += block.bytes();
  mix(joined(block.element, block.rest).view(), &parsed->digest);
  mix(static_cast<uint64_t>(event.ticks), &parsed->digest);
  parsed->fragments.back().blocks.push_back(std::move(event));
}

void addEnd(const ChunkEnd& end, Parsed* parsed, Checks* checks) {
  checks->require(parsed->open, "a chunk ends that never began");
  parsed->open = false;
  parsed->chunkBytes += end.bytes;
  mix(end.tags, &parsed->digest);
  mix(end.bytes, &parsed->digest);
  mix(end.hasMedia ? 1 : 0, &parsed->digest);
  for (const Tag& tag : end.tags.producer) {
    checks->require(isUtf8(tag.name) && isUtf8(tag.value), "a tag that is not UTF-8");
  }
}

/// Takes all events there are; false once the parser is in error.
bool drain(ChunkParser* parser, Parsed* parsed, Checks* checks) {
  for (;;) {
    auto event = parser->next();
    if (!event) {
      parsed->error = event.error();
      mix(event.error().message, &parsed->digest);
      checks->requireClear(event.error());
      checks->require(!parser->next().ok(), "the parser goes on after an error");
      return false;
    }
    if (!event->has_value()) {
      return true;
    }
    if (auto* header = std::get_if<ChunkHeader>(&**event)) {
      addHeader(std::move(*header), parsed, checks);
    } else if (auto* block = std::get_if<ChunkBlock>(&**event)) {
      addBlock(std::move(*block), parsed, checks);
    } else {
      addEnd(*std::get_if<ChunkEnd>(&**event), parsed, checks);
    }
  }
}

/// Pieces of pseudo-random sizes that `seed` chooses, all in one if it is 0; as neighbours in one
/// slab or each in its own.
Parsed parse(std::string_view media, uint8_t seed, bool oneSlab, Checks* checks) {
  Parsed parsed;
  ChunkParser parser;
  const Bytes whole = Bytes::copyOf(media);
  uint32_t state = seed;
  size_t at = 0;
  while (at < media.size()) {
    state = state * 1664525U + 1013904223U;
    const size_t wanted = seed == 0 ? media.size() : size_t{1} << (state >> 28) | (state >> 20 & 7);
    const Bytes piece = whole.sub(at, std::min(wanted, media.size() - at));
    at += piece.size();
    parser.append(oneSlab ? piece : Bytes::copyOf(piece.view()));
    if (!drain(&parser, &parsed, checks)) {
      return parsed;
    }
  }
  parser.finish();
  if (drain(&parser, &parsed, checks)) {
    checks->require(!parsed.open && parsed.chunkBytes == media.size(),
                    "a part of the input belongs to no chunk");
  }
  return parsed;
}

/// The time of a fragment as ListFragments would tell it.
FragmentTime timeOf(const Fragment& fragment, std::chrono::milliseconds earliest) {
  return {fragment.header.tags.producerTimestamp.value_or(UnixTime()), earliest,
          std::chrono::milliseconds(0)};
}

std::optional<std::chrono::milliseconds> earliestOf(const Fragment& fragment) {
  int64_t ticks = fragment.blocks.front().ticks;
  for (const ChunkBlock& block : fragment.blocks) {
    ticks = std::min(ticks, block.ticks);
  }
  return toMillisRounded(ticks, fragment.header.timecodeScale);
}

/// Joins fragments as the reader does, and keeps what must be in the document.
class Joiner {
 public:
  Joiner(OnTrackChange onTrackChange, Checks* checks)
      : onTrackChange_(onTrackChange), checks_(checks) {}

  void add(Fragment fragment) {
    const auto earliest = earliestOf(fragment);
    if (!earliest) {
      return;
    }
    const FragmentTime time = timeOf(fragment, *earliest);
    if (!splicer_) {
      splicer_.emplace(fragment.header, time, onTrackChange_);
      document_ = splicer_->documentHeader();
    }
    const auto begun = splicer_->beginFragment(fragment.header, time);
    if (!begun) {
      checks_->require(
          begun.error().kind == ErrorKind::kTrackChange || begun.error().kind == ErrorKind::kDecode,
          "an error of another kind");
      checks_->requireClear(begun.error());
      return;
    }
    checks_->require(isUtf8(begun->difference), "a difference that is not UTF-8");
    for (size_t i = 0; i < fragment.blocks.size() && !begun->skip; ++i) {
      addBlock(std::move(fragment.blocks[i]));
    }
  }

  void finish() {
    if (!splicer_) {
      return;
    }
    const test::Document document = test::readDocument(document_);
    checks_->require(document.problem.empty(), "what is spliced is no document");
    checks_->require(document.blocks.size() == frames_.size(), "blocks are lost");
    for (size_t i = 0; i < std::min(document.blocks.size(), frames_.size()); ++i) {
      checks_->require(document.blocks[i].payload == frames_[i].first, "a frame that changed");
      checks_->require(document.blocks[i].millis == frames_[i].second, "a time that changed");
    }
  }

 private:
  void addBlock(ChunkBlock block) {
    const size_t sizeBefore = block.block.bytes();
    const std::string frame(joined(block.block.element, block.block.rest)
                                .view()
                                .substr(block.block.frameOffset(), block.block.frameBytes()));
    const auto spliced = splicer_->splice(std::move(block));
    if (!spliced) {
      checks_->require(spliced.error().kind == ErrorKind::kDecode, "an error of another kind");
      checks_->requireClear(spliced.error());
      return;
    }
    if (!spliced->has_value()) {
      return;  // a track that is left out
    }
    const SplicedBlock& out = **spliced;
    checks_->require(out.pts.count() >= 0 && out.pts.count() <= kMaxUnixMillis &&
                         toMillis(out.time) <= kMaxUnixMillis,
                     "a time out of range");
    const Bytes element = joined(out.element, out.rest);
    checks_->require(element.size() <= 2 * sizeBefore + 64, "a block that grows");
    document_ += out.prefix.view();
    document_ += element.view();
    frames_.emplace_back(frame, out.pts.count());
  }

  OnTrackChange onTrackChange_;
  Checks* checks_;
  std::optional<Splicer> splicer_;
  std::string document_;
  std::vector<std::pair<std::string, int64_t>> frames_;  ///< payload and milliseconds
};

}  // namespace

std::string chunk(std::string_view input) {
  if (input.size() < 2) {
    return {};
  }
  const auto how = static_cast<uint8_t>(input[0]);
  const auto seed = static_cast<uint8_t>(input[1]);
  const std::string_view media = input.substr(2);
  Checks checks;
  const uint64_t wholeDigest = parse(media, 0, true, &checks).digest;
  Parsed parsed = parse(media, seed, (how & 4) != 0, &checks);
  checks.require(parsed.digest == wholeDigest, "the cuts between pieces matter");
  checks.require(parsed.blockBytes <= media.size(), "blocks from nowhere");
  Joiner joiner(static_cast<OnTrackChange>((how & 3) % 3), &checks);
  for (Fragment& fragment : parsed.fragments) {
    if (!fragment.blocks.empty()) {
      joiner.add(std::move(fragment));
    }
  }
  joiner.finish();
  return checks.problem();
}

}  // namespace kvsarchive::fuzz
