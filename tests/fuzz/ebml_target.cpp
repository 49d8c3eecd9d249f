// SPDX-License-Identifier: LGPL-2.1-or-later
#include "checks.h"
#include "matroska/block.h"
#include "matroska/ebml_element.h"
#include "matroska/ebml_ids.h"
#include "matroska/ebml_writer.h"
#include "matroska/tags.h"
#include "matroska/track_map.h"
#include "targets.h"

namespace kvsarchive::fuzz {
namespace {

using namespace matroska;  // NOLINT(google-build-using-namespace): it is what is tested here

void requireDecodeError(const Error& error, Checks* checks) {
  checks->require(error.kind == ErrorKind::kDecode, "an error of another kind");
  checks->requireClear(error);
}

/// Walks as deep as there are elements to be found, each level in the one above.
void checkElements(std::string_view payload, int depth, Checks* checks) {
  size_t covered = 0;
  const Status walked = forEachChild(payload, [&](const Element& child) -> Status {
    checks->require(child.whole.data() == payload.data() + covered, "a gap between elements");
    covered += child.whole.size();
    checks->require(child.whole.size() >= 2 && child.payload.size() < child.whole.size(),
                    "an element without a header");
    const std::string text = readString(child.payload);
    checks->require(isUtf8(text) && text.find('\0') == std::string::npos, "a text that is none");
    checks->require(readUnsigned(child.payload).ok() == (child.payload.size() <= 8),
                    "an integer of another length");
    if (depth > 0) {
      checkElements(child.payload, depth - 1, checks);
    }
    return {};
  });
  if (walked) {
    checks->require(covered == payload.size(), "bytes are left over");
  } else {
    requireDecodeError(walked.error(), checks);
  }
}

void checkTags(std::string_view payload, Checks* checks) {
  ChunkTags tags;
  const Status added = addTags(payload, &tags);
  if (!added) {
    requireDecodeError(added.error(), checks);
  }
  for (const std::string* text :
       {&tags.fragmentNumber, &tags.errorCode, &tags.errorId, &tags.errorMessage}) {
    checks->require(isUtf8(*text), "a service tag that is not UTF-8");
  }
  size_t bytes = 0;
  for (const Tag& tag : tags.producer) {
    checks->require(!tag.name.empty() && isUtf8(tag.name) && isUtf8(tag.value),
                    "a tag that is not UTF-8");
    bytes += tag.name.size() + tag.value.size();
  }
  checks->require(tags.producer.size() <= 256 && bytes <= size_t{1} << 20, "too many tags");
  for (const auto& time : {tags.producerTimestamp, tags.serverTimestamp}) {
    checks->require(!time || (toMillis(*time) >= 0 && toMillis(*time) <= kMaxUnixMillis),
                    "a time out of range");
  }
}

void checkTracks(std::string_view payload, Checks* checks) {
  const auto tracks = parseTracks(payload);
  if (!tracks) {
    requireDecodeError(tracks.error(), checks);
    return;
  }
  for (const Track& track : *tracks) {
    checks->require(isUtf8(track.codecId) && isUtf8(track.name), "a track with a name of bytes");
    checks->require(isUtf8(describe(track)), "a description that is not UTF-8");
  }
  const std::string written = writeTracks(*tracks);
  const auto header = readElementHeader(written);
  checks->require(header.ok() && header->has_value(), "no Tracks element");
  const auto again = parseTracks(std::string_view(written).substr((*header)->headerBytes));
  checks->require(again.ok() && writeTracks(*again) == written,
                  "tracks change when they are written and read");
  TrackMap map(*tracks);
  const TrackMap::Match match = map.match(*tracks);
  checks->require(match.surplus.empty() && match.tracks.size() == tracks->size(),
                  "tracks that are not their own partners");
  checks->require(!map.update(*tracks, match), "tracks that differ from themselves");
}

void checkBlock(std::string_view payload, uint32_t id, uint64_t scale, Checks* checks) {
  EbmlWriter out;
  out.writeBinary(id, payload);
  auto block = parseBlock(Bytes::copyOf(out.bytes()));
  if (!block) {
    requireDecodeError(block.error(), checks);
    return;
  }
  const std::string before(block->element.view().substr(block->frameOffset(), block->frameBytes()));
  const size_t sizeBefore = block->element.size();
  for (const uint64_t track : {uint64_t{1}, uint64_t{300}, (uint64_t{1} << 56) - 2}) {
    rewriteBlock(&*block, track, -2, scale);
    checks->require(block->track == track && block->relativeTime == -2, "a block not rewritten");
    checks->require(
        block->element.view().substr(block->frameOffset(), block->frameBytes()) == before,
        "a frame that changed");
    const auto again = parseBlock(block->element);
    checks->require(
        again && again->track == track && again->relativeTime == -2 && again->key == block->key,
        "a block that changes when it is read again");
    scale = 1'000'000;  // it is in milliseconds from now on
  }
  checks->require(block->element.size() <= 2 * sizeBefore + 64, "a block that grows");
}

}  // namespace

std::string ebml(std::string_view input) {
  if (input.empty()) {
    return {};
  }
  Checks checks;
  const std::string_view payload = input.substr(1);
  switch (static_cast<uint8_t>(input.front()) % 6) {
    case 0:
      checkTags(payload, &checks);
      break;
    case 1:
      checkTracks(payload, &checks);
      break;
    case 2:
      checkBlock(payload, ids::kSimpleBlock, 1'000'000, &checks);
      break;
    case 3:
      checkBlock(payload, ids::kBlockGroup, 1'000'000, &checks);
      break;
    case 4:
      checkBlock(payload, ids::kBlockGroup, 1'000'000'000'000, &checks);
      break;
    default:
      checkElements(payload, 6, &checks);
  }
  return checks.problem();
}

}  // namespace kvsarchive::fuzz
