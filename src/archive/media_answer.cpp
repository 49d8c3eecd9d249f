// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/media_answer.h"

#include <algorithm>
#include <utility>

#include "archive/in_band_error.h"
#include "archive/service_limits.h"
#include "base/iso8601.h"
#include "base/log.h"

namespace kvsarchive::archive {
namespace {

using Outcome = FragmentMedia::Outcome;

/// The service's largest fragment has 50 MB.

std::string bytesOfListed(uint64_t bytes, const FragmentMedia& media) {
  return std::to_string(bytes) + " of its " + std::to_string(media.fragment.sizeBytes) + " bytes";
}

/// Of what may come out well when it is asked for again.
Error retryable(Error error) {
  error.recovery = Recovery::kRetry;
  return error;
}

}  // namespace

MediaAnswer::MediaAnswer(std::unique_ptr<kvs::MediaBody> body,
                         const std::vector<std::string>& asked, PendingFragments& pending,
                         SizeCheck& sizes)
    : body_(std::move(body)), pending_(pending), sizes_(sizes) {
  for (const std::string& number : asked) {
    asked_.emplace(number, asked_.size());
  }
  for (FragmentMedia* media : pending_.allOpen()) {
    media->outcome = Outcome::kAbsent;
    if (askedFor(media->fragment.number)) {
      allSizesListed_ = allSizesListed_ && media->fragment.sizeBytes > 0;
      listedBytes_ += std::min(media->fragment.sizeBytes, kMaxFragmentBytes);
    }
  }
  // The service may send chunks twice, or count their bytes otherwise.
  maxBytes_ = 2 * listedBytes_ + kMaxFragmentBytes;
}

Result<bool> MediaAnswer::receive(const CancelToken& cancel) {
  lastBytes_ = 0;
  auto bytes = body_->read(cancel);
  if (!bytes) {
    return bytes.error();
  }
  ended_ = bytes->empty();
  lastBytes_ = bytes->size();
  bytes_ += lastBytes_;
  if (bytes_ > maxBytes_) {
    return retryable(makeError(ErrorKind::kDecode, "The service's answer goes on after " +
                                                       std::to_string(maxBytes_ >> 20) +
                                                       " MiB, far more than was asked for"));
  }
  if (ended_) {
    parser_.finish();
  } else {
    parser_.append(std::move(*bytes));
  }
  const Status parsed = parseReceived();
  if (!parsed) {
    return parsed.error();
  }
  return !ended_;
}

Status MediaAnswer::parseReceived() {
  for (;;) {
    auto event = parser_.next();
    if (!event) {
      return retryable(judge(std::move(event.error())));
    }
    if (!event->has_value()) {
      return {};
    }
    Status sorted = sort(std::move(**event));
    if (!sorted) {
      return sorted;
    }
  }
}

/// A clean end in the middle of an element is an early one, unless all that was listed is there:
/// then a damaged size is to blame.
Error MediaAnswer::judge(Error error) {
  if (ended_ && allSizesListed_ && bytes_ >= listedBytes_) {
    error.kind = ErrorKind::kDecode;
  }
  if (error.kind == ErrorKind::kRead && current_ != nullptr && current_->received > 0) {
    // A chunk that lacks its end goes on into the next one: the block where that happened is made
    // of both, and what follows it may look like one long element.
    pending_.dropHeld(*current_, std::max(heldBefore_, current_->received - 1));
  }
  return error;
}

Status MediaAnswer::sort(matroska::ChunkEvent&& event) {
  if (auto* header = std::get_if<matroska::ChunkHeader>(&event)) {
    return beginChunk(std::move(*header));
  }
  if (const auto* end = std::get_if<matroska::ChunkEnd>(&event)) {
    return endChunk(*end);
  }
  return addBlock(std::move(*std::get_if<matroska::ChunkBlock>(&event)));
}

Status MediaAnswer::beginChunk(matroska::ChunkHeader header) {
  current_ = nullptr;
  const std::string& number = header.tags.fragmentNumber;
  if (number.empty()) {
    return beginNameless(header);
  }
  FragmentMedia* media = askedFor(number) ? pending_.findOpen(number) : nullptr;
  if (media == nullptr) {
    log::write(
        log::Level::kWarning, log::Area::kArchive,
        "the service sent fragment " + number + " twice or without being asked; it is left out");
    return {};
  }
  current_ = media;
  furthest_ = std::max(furthest_, asked_.at(number));
  position_ = 0;
  heldBefore_ = media->received;
  header_ = std::move(header);
  return {};
}

/// A chunk that does not say whose it is can only be that of a fragment that was asked for alone.
Status MediaAnswer::beginNameless(const matroska::ChunkHeader& header) {
  if (header.tags.hasError() && asked_.size() == 1) {
    current_ = pending_.findOpen(asked_.begin()->first);
    heldBefore_ = current_ == nullptr ? 0 : current_->received;
    return {};
  }
  nameless_ = !ended_;
  if (header.tags.hasError()) {
    return inBandError(header.tags);
  }
  return retryable(
      ended_ ? makeError(ErrorKind::kRead, "The answer ended early")
             : makeError(ErrorKind::kDecode, "The service sent a fragment without its number"));
}

Status MediaAnswer::addBlock(matroska::ChunkBlock&& block) {
  if (current_ == nullptr || position_++ < current_->received) {
    return {};
  }
  if (current_->received == 0 && !current_->begun) {
    current_->header = header_;  // not sooner: that of an error has no tracks
  }
  overflowed_ = !pending_.hold(*current_, std::move(block));
  if (current_->received > current_->furthest) {
    current_->furthest = current_->received;
    progress_ = true;
  }
  return overflowed_
             ? retryable(makeError(ErrorKind::kRead,
                                   "The service sends more media in another order than asked for "
                                   "than can be held"))
             : Status();
}

Status MediaAnswer::endChunk(const matroska::ChunkEnd& end) {
  FragmentMedia* media = std::exchange(current_, nullptr);
  if (media == nullptr) {
    return {};
  }
  if (end.tags.hasError() && saysNotFound(end.tags)) {
    media->outcome = Outcome::kNotFound;
    media->reason = describeInBandError(end.tags);
    return {};
  }
  if (end.tags.hasError()) {
    media->outcome = Outcome::kError;
    media->error = annotate(inBandError(end.tags), media);
    return {};
  }
  // A Cluster without blocks may be the beginning of one, unless that is all there should be.
  const bool isEmpty = position_ == 0 && end.bytes != media->fragment.sizeBytes;
  if (!end.hasMedia || isEmpty) {
    media->outcome = Outcome::kNotFound;
    media->reason = "its chunk has no media";
    return {};
  }
  if (!media->header) {
    media->header = std::move(header_);
  }
  if (!media->begun) {
    media->header->tags = end.tags;
  }
  return checkSize(*media, end.bytes);
}

/// A chunk that is over is complete if it has the size that was listed. One that comes out the same
/// again was listed wrongly or is damaged where it is stored: wrongly as long as no chunk had its
/// size, unless answers end there; and larger ones have all of their frames in any case.
Status MediaAnswer::checkSize(FragmentMedia& media, uint64_t chunkBytes) {
  const auto verdict = sizes_.check(media.fragment.sizeBytes, chunkBytes);
  if (verdict == SizeCheck::Verdict::kFits) {
    progress_ = true;
    media.state = FragmentMedia::State::kComplete;
    return {};
  }
  media.reason = "its chunk has " + bytesOfListed(chunkBytes, media);
  const bool isLong = verdict == SizeCheck::Verdict::kLong;
  const bool isSame = std::exchange(media.doubtfulBytes, chunkBytes) == chunkBytes;
  if (isSame && !std::exchange(media.countedWrong, true)) {
    sizes_.countWrong();
  }
  if (isSame && (isLong || (!sizes_.anyFitted() && !ended_))) {
    progress_ = true;
    media.state = FragmentMedia::State::kComplete;
    media.listedWrong = true;
    return {};
  }
  if (isLong) {
    pending_.dropHeld(media, heldBefore_);
  } else if (ended_ && !isSame) {
    current_ = &media;
    return retryable(makeError(ErrorKind::kRead, "The answer ended early: " + media.reason));
  }
  media.outcome = Outcome::kWrongSize;
  return {};
}

FragmentMedia* MediaAnswer::unreadable() {
  if (current_ != nullptr) {
    // The block before the place that can't be parsed may be part of the damage.
    pending_.dropHeld(*current_, heldBefore_);
    return current_;
  }
  return asked_.size() == 1 ? pending_.findOpen(asked_.begin()->first) : nullptr;
}

Error MediaAnswer::withContext(Error error) const {
  if (current_ != nullptr) {
    return annotate(std::move(error), current_);
  }
  const auto open = pending_.allOpen();
  const auto expected = std::find_if(open.begin(), open.end(), [this](const FragmentMedia* media) {
    return askedFor(media->fragment.number) && media->outcome == Outcome::kAbsent;
  });
  return annotate(std::move(error), expected == open.end() ? nullptr : *expected);
}

Error MediaAnswer::annotate(Error error, const FragmentMedia* media) const {
  if (media != nullptr) {
    error.message += " (fragment " + media->fragment.number + " of " +
                     formatIso8601(media->fragment.producerTimestamp) + ")";
  }
  return body_->annotate(std::move(error));
}

}  // namespace kvsarchive::archive
