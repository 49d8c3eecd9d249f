// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/document_writer.h"

#include <algorithm>
#include <utility>

#include "archive/service_limits.h"
#include "base/iso8601.h"
#include "matroska/time_scale.h"

namespace kvsarchive::archive {
namespace {

/// A producer that writes another one each time would flood whoever reads messages.
constexpr size_t kMaxWarnedDifferences = 100;

std::string nameOf(const kvs::Fragment& fragment) {
  return "Fragment " + fragment.number + " of " + formatIso8601(fragment.producerTimestamp);
}

}  // namespace

Status DocumentWriter::begin(FragmentBegin begin, UnixTime listedEnd) {
  current_ = Current();
  current_.fragment = std::move(begin.fragment);
  ledger_.lock()->trimmedFrames += begin.trimmed;
  const auto earliest = matroska::toMillisRounded(begin.earliestTicks, begin.header.timecodeScale);
  const auto furthest = matroska::Splicer::kMaxBlockOffset + current_.fragment.length;
  if (!earliest || *earliest < -furthest || *earliest > furthest) {
    current_.cutShort = "it has blocks more than a minute away from its time";
    return {};
  }
  const matroska::FragmentTime time{timeOf(current_.fragment, options_.clock), *earliest,
                                    current_.fragment.length};
  if (!splicer_ && begin.isEmpty) {
    return {};  // the document begins with a frame: it has the time of 0
  }
  if (!splicer_) {
    beginDocument(begin, time, listedEnd);
  }
  auto splice = splicer_->beginFragment(begin.header, time);
  if (!splice) {
    Error error = std::move(splice.error());
    error.message = nameOf(current_.fragment) +
                    " has tracks that can't be joined to those before: " + error.message;
    return error;
  }
  if (!splice->difference.empty()) {
    tellTracks(current_.fragment, *splice);
  }
  current_.skipped = splice->skip;
  if (current_.skipped) {
    return {};
  }
  FragmentStart start;
  start.fragment = current_.fragment;
  start.origin = splicer_->origin();
  start.pts = std::max(time.time - start.origin + splice->shift, std::chrono::milliseconds(0));
  start.shift = splice->shift;
  start.discont = std::exchange(afterSkip_, false) || splice->discont;
  start.tags = std::move(begin.header.tags.producer);
  tellShift(start);
  tellDroppedTags(start, begin.header.tags.droppedTags);
  current_.start = std::move(start);
  return {};
}

void DocumentWriter::beginDocument(const FragmentBegin& begin, const matroska::FragmentTime& time,
                                   UnixTime listedEnd) {
  splicer_.emplace(begin.header, time, options_.onTrackChange);
  firstFragment_ = time.time;
  if (options_.seekable) {
    // Not by what happens to be listed already: the same range is to be the same document.
    const bool oneClock = isSameClock(options_.clock, options_.selector.type);
    const auto length = (oneClock ? options_.selector.end : listedEnd) - splicer_->origin();
    seekGrid_.emplace(length);
    const bool isTrimmed = oneClock && options_.trimEnd;
    // What begins in the range may reach beyond it.
    const auto duration = isTrimmed ? length : length + kLongestFragment;
    header_ = Bytes::copyOf(splicer_->documentHeader(duration, seekGrid_->points()));
  } else {
    header_ = Bytes::copyOf(splicer_->documentHeader());
  }
  outputs_.push(DocumentHeader{header_});
}

void DocumentWriter::add(FragmentBlocks blocks) {
  for (matroska::ChunkBlock& block : blocks) {
    if (current_.skipped || !current_.cutShort.empty()) {
      return;
    }
    addBlock(std::move(block));
  }
}

void DocumentWriter::addBlock(matroska::ChunkBlock&& block) {
  auto spliced = splicer_->splice(std::move(block));
  if (!spliced) {
    current_.cutShort = spliced.error().message;
    return;
  }
  if (!spliced->has_value()) {
    ++current_.dropped;
    return;
  }
  if (current_.start) {
    current_.start->pts = (*spliced)->pts;
    tellStart();
  }
  ++current_.frames;
  position_ = std::max(position_.value_or((*spliced)->time), (*spliced)->time);
  outputs_.push(std::move(**spliced));
}

Status DocumentWriter::end(FragmentEnd end) {
  if (current_.cutShort.empty()) {
    current_.cutShort = std::move(end.cutShort);
  }
  if (!end.wrongSize.empty()) {
    outputs_.push(Warning{nameOf(current_.fragment) + " is delivered as it is: " + end.wrongSize});
  }
  const Current ended = current_;
  if (ended.cutShort.empty() || ended.frames > 0) {
    tellStart();  // a fragment without frames is told too
  }
  countFrames();
  auto ledger = ledger_.lock();
  if (ended.skipped) {
    afterSkip_ = true;
    ++ledger->trackChange;
    return {};
  }
  if (ended.cutShort.empty()) {
    lastDelivered_ = ended.fragment;
    ++ledger->delivered;
    return {};
  }
  ++(ended.frames > 0 ? ledger->truncated : ledger->unreadable);
  return lose(ended.fragment, ErrorKind::kDecode,
              (ended.frames > 0 ? "ends after " + std::to_string(ended.frames) + " frames: "
                                : "is skipped: ") +
                  ended.cutShort);
}

Status DocumentWriter::skip(const FragmentSkipped& skipped) {
  {
    auto ledger = ledger_.lock();
    ++(skipped.unreadable ? ledger->unreadable : ledger->missing);
  }
  return lose(skipped.fragment, skipped.unreadable ? ErrorKind::kDecode : ErrorKind::kNotFound,
              "is skipped: " + skipped.reason);
}

/// Media is missing from here on: says so, or ends the stream, as the user wants it.
Status DocumentWriter::lose(const kvs::Fragment& fragment, ErrorKind kind,
                            const std::string& what) {
  afterSkip_ = true;
  const std::string text = nameOf(fragment) + " " + what;
  if (options_.onMissingFragment == OnMissingFragment::kError) {
    return makeError(kind, text);
  }
  outputs_.push(Warning{text});
  return {};
}

void DocumentWriter::countFrames() {
  auto ledger = ledger_.lock();
  ledger->frames += std::exchange(current_.frames, 0);
  ledger->droppedFrames += std::exchange(current_.dropped, 0);
}

void DocumentWriter::tellStart() {
  if (current_.start) {
    outputs_.push(std::move(*current_.start));
    current_.start.reset();
  }
}

void DocumentWriter::tellShift(const FragmentStart& start) {
  if (start.shift.count() != 0) {
    outputs_.push(Warning{nameOf(start.fragment) + " overlaps the one before it and is " +
                          "moved by " + std::to_string(start.shift.count()) + " ms"});
  }
}

/// Says once, not for every fragment, that there are too many tags.
void DocumentWriter::tellDroppedTags(const FragmentStart& start, uint64_t count) {
  if (count > 0 && !std::exchange(warnedTags_, true)) {
    outputs_.push(Warning{nameOf(start.fragment) + ", and maybe others like it, loses " +
                          std::to_string(count) +
                          " of the producer's tags, of which there are too many"});
  }
}

/// Says once, not for every fragment, which tracks are left out.
void DocumentWriter::tellTracks(const kvs::Fragment& fragment,
                                const matroska::FragmentSplice& splice) {
  if (warnedDifferences_.size() < kMaxWarnedDifferences &&
      warnedDifferences_.insert(splice.difference).second) {
    outputs_.push(Warning{
        nameOf(fragment) +
        (splice.skip ? " is skipped, as are others like it" : " and others like it lose tracks") +
        ", because its tracks differ from those before: " + splice.difference});
  }
}

void DocumentWriter::jump() {
  splicer_->jump();
  countFrames();
  current_ = Current();
  position_.reset();
  afterSkip_ = false;
}

void DocumentWriter::fail() {
  if (current_.frames > 0) {
    ++ledger_.lock()->truncated;
  }
  countFrames();
}

}  // namespace kvsarchive::archive
