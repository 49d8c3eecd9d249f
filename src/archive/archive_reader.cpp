// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/archive_reader.h"

#include <algorithm>

#include "base/iso8601.h"
#include "base/log.h"
#include "matroska/time_scale.h"

namespace kvsarchive::archive {
namespace {

std::string nameOf(const kvs::Fragment& fragment) {
  return "Fragment " + fragment.number + " of " + formatIso8601(fragment.producerTimestamp);
}

}  // namespace

ArchiveReader::ArchiveReader(kvs::ArchivedMediaClient& client, const ArchiveOptions& options)
    : client_(client),
      options_(options),
      lister_(client, {options.selector, options.clock}),
      fetcher_(client) {}

Result<ReaderOutput> ArchiveReader::next(const CancelToken& cancel) {
  while (outputs_.empty()) {
    Status advanced = advance(cancel);
    if (!advanced) {
      return withContext(std::move(advanced.error()));
    }
  }
  ReaderOutput output = std::move(outputs_.front());
  outputs_.pop_front();
  return output;
}

/// Completes errors that are about the answers and not about a request.
Error ArchiveReader::withContext(Error error) const {
  error.stream = client_.stream().text();
  if (error.operation.empty() && stage_ == Stage::kFetch) {
    error.operation = "GetMediaForFragmentList";
  }
  return error;
}

Status ArchiveReader::advance(const CancelToken& cancel) {
  switch (stage_) {
    case Stage::kStart:
      outputs_.emplace_back(Progress{Progress::Step::kOpen, false, "Looking up the endpoint"});
      stage_ = Stage::kOpen;
      return {};
    case Stage::kOpen:
      return open(cancel);
    case Stage::kList:
      return list(cancel);
    case Stage::kFetch:
      return fetch(cancel);
    case Stage::kEnd:
      outputs_.emplace_back(EndOfArchive());
      return {};
  }
  return {};
}

Status ArchiveReader::open(const CancelToken& cancel) {
  const auto endpoint = client_.dataEndpoint("LIST_FRAGMENTS", cancel);
  if (!endpoint) {
    return endpoint.error();
  }
  outputs_.emplace_back(Progress{Progress::Step::kOpen, true, "Endpoint found"});
  outputs_.emplace_back(Progress{Progress::Step::kList, false, "Listing fragments"});
  stage_ = Stage::kList;
  return {};
}

Status ArchiveReader::list(const CancelToken& cancel) {
  auto fragments = lister_.next(cancel);
  if (!fragments) {
    return fragments.error();
  }
  const uint64_t superseded = lister_.superseded() - ledger().superseded;
  {
    auto ledger = ledger_.lock();
    ledger->listed += fragments->size() + superseded;
    ledger->superseded += superseded;
  }
  if (fragments->empty()) {
    return stage_ == Stage::kList ? emptyRange() : Status();
  }
  if (stage_ == Stage::kList) {
    listedBegin_ = timeOf(fragments->front(), options_.clock);
    outputs_.emplace_back(Progress{Progress::Step::kList, true,
                                   std::to_string(fragments->size()) + " fragments found" +
                                       (lister_.done() ? "" : " at first")});
  }
  if (superseded > 0) {
    outputs_.emplace_back(Warning{std::to_string(superseded) +
                                  " fragments are left out, because newer ones have the same "
                                  "producer timestamp; timeline=server has them all"});
  }
  const kvs::Fragment& last = fragments->back();
  *duration_.lock() = timeOf(last, options_.clock) + last.length - listedBegin_;
  plan_.add(std::move(*fragments));
  stage_ = Stage::kFetch;
  return {};
}

Status ArchiveReader::fetch(const CancelToken& cancel) {
  if (!batchRunning_) {
    if (plan_.empty() && !lister_.done()) {
      return list(cancel);
    }
    if (plan_.empty() && ledger().frames == 0) {
      return nothingLeft();
    }
    if (plan_.empty()) {
      stage_ = Stage::kEnd;
      return {};
    }
    fetcher_.start(plan_.takeBatch());
    batchRunning_ = true;
  }
  auto event = fetcher_.next(cancel);
  if (!event) {
    if (event.error().kind != ErrorKind::kCancelled && fragmentFrames_ > 0) {
      ++ledger_.lock()->truncated;
      countFrames();
    }
    return event.error();
  }
  if (auto* block = std::get_if<matroska::ChunkBlock>(&*event)) {
    return addBlock(std::move(*block));
  }
  if (auto* begin = std::get_if<FragmentBegin>(&*event)) {
    return beginFragment(std::move(*begin));
  }
  if (const auto* missing = std::get_if<FragmentMissing>(&*event)) {
    skipMissing(*missing);
  } else if (std::holds_alternative<FragmentEnd>(*event)) {
    endFragment();
  } else {
    batchRunning_ = false;
  }
  return {};
}

Status ArchiveReader::beginFragment(FragmentBegin begin) {
  const auto earliest = matroska::toMillisRounded(begin.earliestTicks, begin.header.timecodeScale);
  if (!earliest) {
    return makeError(ErrorKind::kDecode,
                     nameOf(begin.fragment) + " can't be read: a block time out of range");
  }
  const matroska::FragmentTime time{timeOf(begin.fragment, options_.clock), *earliest,
                                    begin.fragment.length};
  if (!splicer_) {
    splicer_.emplace(begin.header, time, options_.onTrackChange);
    *origin_.lock() = splicer_->origin();
    outputs_.emplace_back(DocumentHeader{Bytes::copyOf(splicer_->documentHeader())});
  }
  auto splice = splicer_->beginFragment(begin.header, time);
  if (!splice) {
    Error error = std::move(splice.error());
    error.message = nameOf(begin.fragment) +
                    " has tracks that can't be joined to those before: " + error.message;
    return error;
  }
  if (!splice->difference.empty()) {
    warnOfTracks(begin.fragment, *splice);
  }
  fragmentName_ = nameOf(begin.fragment);
  skipping_ = splice->skip;
  if (skipping_) {
    return {};
  }
  FragmentStart start;
  start.fragment = std::move(begin.fragment);
  start.origin = splicer_->origin();
  start.pts = std::max(time.time - start.origin + splice->shift, std::chrono::milliseconds(0));
  start.shift = splice->shift;
  start.discont = std::exchange(afterSkip_, false) || splice->discont;
  start.tags = std::move(begin.header.tags.producer);
  if (start.shift.count() != 0) {
    outputs_.emplace_back(Warning{nameOf(start.fragment) + " overlaps the one before it and is " +
                                  "moved by " + std::to_string(start.shift.count()) + " ms"});
  }
  start_ = std::move(start);
  return {};
}

Status ArchiveReader::addBlock(matroska::ChunkBlock block) {
  if (skipping_) {
    return {};
  }
  auto spliced = splicer_->splice(std::move(block));
  if (!spliced) {
    Error error = std::move(spliced.error());
    error.message = fragmentName_ + " can't be joined to those before: " + error.message;
    return error;
  }
  if (!spliced->has_value()) {
    ++fragmentDropped_;
    return {};
  }
  if (start_) {
    start_->pts = (*spliced)->pts;
    tellStart();
  }
  ++fragmentFrames_;
  outputs_.emplace_back(std::move(**spliced));
  return {};
}

void ArchiveReader::endFragment() {
  tellStart();  // a fragment without frames is told too
  afterSkip_ = afterSkip_ || skipping_;
  countFrames();
  auto ledger = ledger_.lock();
  ledger->delivered += skipping_ ? 0 : 1;
  ledger->trackChange += skipping_ ? 1 : 0;
}

void ArchiveReader::countFrames() {
  auto ledger = ledger_.lock();
  ledger->frames += std::exchange(fragmentFrames_, 0);
  ledger->droppedFrames += std::exchange(fragmentDropped_, 0);
  ledger->receivedBytes = fetcher_.receivedBytes();
}

void ArchiveReader::skipMissing(const FragmentMissing& missing) {
  afterSkip_ = true;
  ++ledger_.lock()->missing;
  outputs_.emplace_back(Warning{nameOf(missing.fragment) + " is skipped: " + missing.reason});
}

void ArchiveReader::tellStart() {
  if (start_) {
    outputs_.emplace_back(std::move(*start_));
    start_.reset();
  }
}

/// Says once, not for every fragment, which tracks are left out.
void ArchiveReader::warnOfTracks(const kvs::Fragment& fragment,
                                 const matroska::FragmentSplice& splice) {
  if (std::exchange(warnedDifference_, splice.difference) != splice.difference) {
    outputs_.emplace_back(Warning{
        nameOf(fragment) +
        (splice.skip ? " is skipped, as are others like it" : " and others like it lose tracks") +
        ", because its tracks differ from those before: " + splice.difference});
  }
}

Error ArchiveReader::emptyRange() const {
  const auto& selector = options_.selector;
  const bool producer = selector.type == kvs::SelectorType::kProducerTimestamp;
  Error error =
      makeError(ErrorKind::kNotFound, "No fragment of the stream starts between " +
                                          formatIso8601(selector.start) + " and " +
                                          formatIso8601(selector.end) + " UTC by its " +
                                          (producer ? "producer" : "server") + " timestamp");
  error.operation = "ListFragments";
  return error;
}

/// A document without a header would be a mute error of the demuxer.
Error ArchiveReader::nothingLeft() {
  Error error =
      makeError(ErrorKind::kNotFound, "None of the " + std::to_string(ledger_.lock()->missing) +
                                          " fragments in the range has media any more");
  error.operation = "GetMediaForFragmentList";
  return error;
}

}  // namespace kvsarchive::archive
