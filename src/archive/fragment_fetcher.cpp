// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/fragment_fetcher.h"

#include <algorithm>

#include "base/iso8601.h"
#include "base/log.h"

namespace kvsarchive::archive {
namespace {

/// Answers in a row without anything new after which a fragment counts as missing.
constexpr int kMaxFruitless = 2;
constexpr std::chrono::milliseconds kPauseBeforeAskingAgain{200};

/// In-band error ids that say that the fragment is not there (any more).
bool saysNotFound(const matroska::ChunkTags& tags) {
  return tags.errorId == "3000" || tags.errorId == "4000" || tags.errorCode == "FRAGMENT_NOT_FOUND";
}

/// In-band error ids 4500 to 4506 are about the key that the stream is encrypted with.
bool saysNotAuthorized(const matroska::ChunkTags& tags) {
  return tags.errorId.size() == 4 && tags.errorId.compare(0, 2, "45") == 0;
}

std::string describeError(const matroska::ChunkTags& tags) {
  std::string text;
  for (const std::string* part : {&tags.errorCode, &tags.errorId, &tags.errorMessage}) {
    if (!part->empty()) {
      text += (text.empty() ? "" : " ") + *part;
    }
  }
  return text;
}

Error serviceError(const matroska::ChunkTags& tags) {
  Error error = makeError(saysNotAuthorized(tags) ? ErrorKind::kNotAuthorized : ErrorKind::kRead,
                          "The service can't read a fragment: " + describeError(tags) +
                              (saysNotAuthorized(tags) ? "; the caller needs kms:Decrypt on the "
                                                         "stream's key"
                                                       : ""));
  error.awsCode = tags.errorCode.empty() ? tags.errorId : tags.errorCode;
  return error;
}

/// Memory that a block takes while it is held; frames may be tiny.
size_t costOf(const matroska::ChunkBlock& block) {
  return block.block.element.size() + sizeof(matroska::ChunkBlock);
}

bool isOpen(const FragmentMedia& media) { return !media.complete && !media.lost; }

}  // namespace

void FragmentFetcher::start(std::vector<kvs::Fragment> batch) {
  pending_.clear();
  for (kvs::Fragment& fragment : batch) {
    FragmentMedia media;
    media.fragment = std::move(fragment);
    pending_.push_back(std::move(media));
  }
  body_.reset();
  parser_ = matroska::ChunkParser();
  current_ = nullptr;
  bodyEnded_ = false;
  broughtMedia_ = false;
  fruitless_ = 0;
  failed_.reset();
  heldBytes_ = 0;
}

Result<FetchEvent> FragmentFetcher::next(const CancelToken& cancel) {
  for (;;) {
    if (auto event = takeFromHead()) {
      return std::move(*event);
    }
    if (failed_) {
      return *failed_;
    }
    if (bodyEnded_) {
      return FetchEvent(BatchEnd());
    }
    Status received = receive(cancel);
    if (!received && received.error().kind == ErrorKind::kCancelled) {
      return received.error();
    }
    if (!received) {
      failed_ = withContext(std::move(received.error()));
    }
  }
}

/// What the first pending fragment has to say; no value if more has to be received for that.
std::optional<FetchEvent> FragmentFetcher::takeFromHead() {
  if (pending_.empty()) {
    return std::nullopt;
  }
  FragmentMedia& head = pending_.front();
  if (head.lost) {
    FragmentMissing missing{std::move(head.fragment), std::move(head.missing)};
    if (missing.reason.empty()) {
      missing.reason = "it is not in the service's answer";
    }
    pending_.pop_front();
    return missing;
  }
  const size_t hold = firstOfDocument_ ? kHoldFirstBytes : kHoldBytes;
  // What came whole before a failure goes out before the failure is told.
  const bool enough = head.complete || head.heldBytes >= hold || (failed_ && head.hasBlocks);
  if (!head.begun && head.header && enough) {
    head.begun = true;
    firstOfDocument_ = false;
    return FragmentBegin{head.fragment, std::move(*head.header), head.earliestTicks};
  }
  if (head.begun && !head.blocks.empty()) {
    matroska::ChunkBlock block = std::move(head.blocks.front());
    head.blocks.pop_front();
    head.heldBytes -= costOf(block);
    heldBytes_ -= costOf(block);
    return block;
  }
  if (head.begun && head.complete) {
    pending_.pop_front();
    return FragmentEnd();
  }
  return std::nullopt;
}

Status FragmentFetcher::receive(const CancelToken& cancel) {
  if (!body_) {
    if (fruitless_ > 0 && !cancel.sleepFor(kPauseBeforeAskingAgain)) {
      return cancelledError();
    }
    std::vector<std::string> numbers;
    for (const FragmentMedia& media : pending_) {
      if (isOpen(media)) {
        numbers.push_back(media.fragment.number);
      }
    }
    http::RetryBudget budget = client_.newRetryBudget();
    auto body = client_.getMediaForFragmentList(numbers, budget, cancel);
    if (!body) {
      return body.error();
    }
    body_ = std::move(*body);
  }
  auto bytes = body_->read(cancel);
  if (!bytes) {
    return bytes.error();
  }
  receivedBytes_ += bytes->size();
  const bool end = bytes->empty();
  if (end) {
    parser_.finish();
  } else {
    parser_.append(std::move(*bytes));
  }
  Status parsed = parseReceived();
  if (parsed && end) {
    endAnswer();
  }
  return parsed;
}

/// An answer is over. What it lacked is asked for again until two answers in a row bring nothing: a
/// body may have ended early, and a fragment just listed may not be readable yet.
void FragmentFetcher::endAnswer() {
  body_.reset();
  parser_ = matroska::ChunkParser();
  fruitless_ = std::exchange(broughtMedia_, false) ? 0 : fruitless_ + 1;
  for (FragmentMedia& media : pending_) {
    media.lost = isOpen(media) && fruitless_ == kMaxFruitless;
  }
  bodyEnded_ = std::none_of(pending_.begin(), pending_.end(), isOpen);
}

Status FragmentFetcher::parseReceived() {
  for (;;) {
    auto event = parser_.next();
    if (!event) {
      return event.error();
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

/// Puts an event to the fragment it belongs to.
Status FragmentFetcher::sort(matroska::ChunkEvent event) {
  if (auto* header = std::get_if<matroska::ChunkHeader>(&event)) {
    return beginChunk(std::move(*header));
  }
  if (const auto* end = std::get_if<matroska::ChunkEnd>(&event)) {
    return endChunk(*end);
  }
  return current_ == nullptr ? Status()
                             : hold(std::move(*std::get_if<matroska::ChunkBlock>(&event)));
}

Status FragmentFetcher::hold(matroska::ChunkBlock block) {
  current_->earliestTicks =
      current_->hasBlocks ? std::min(current_->earliestTicks, block.ticks) : block.ticks;
  current_->hasBlocks = true;
  current_->heldBytes += costOf(block);
  heldBytes_ += costOf(block);
  current_->blocks.push_back(std::move(block));
  if (heldBytes_ > kMaxHeldBytes) {
    return makeError(
        ErrorKind::kRead,
        "The service sends more media in another order than asked for than can be held");
  }
  return {};
}

Status FragmentFetcher::beginChunk(matroska::ChunkHeader header) {
  if (header.tags.fragmentNumber.empty()) {
    if (header.tags.hasError()) {
      return serviceError(header.tags);
    }
    return makeError(ErrorKind::kDecode, "The service sent a fragment without its number");
  }
  const auto wanted = std::find_if(pending_.begin(), pending_.end(), [&](const auto& media) {
    return media.fragment.number == header.tags.fragmentNumber && !media.header;
  });
  if (wanted == pending_.end()) {
    current_ = nullptr;
    log::write(log::Level::kWarning, log::Area::kArchive,
               "the service sent fragment " + header.tags.fragmentNumber +
                   " twice or without being asked; it is left out");
    return {};
  }
  current_ = &*wanted;
  current_->header = std::move(header);
  return {};
}

Status FragmentFetcher::endChunk(const matroska::ChunkEnd& end) {
  if (current_ == nullptr) {
    return {};
  }
  const bool cutOff = end.tags.hasError() && current_->begun;
  if (cutOff || (end.tags.hasError() && !saysNotFound(end.tags))) {
    return serviceError(end.tags);
  }
  FragmentMedia& media = *std::exchange(current_, nullptr);
  if (end.tags.hasError() || !end.hasMedia) {
    media.header.reset();
    // It is asked for again from its first block on.
    heldBytes_ -= std::exchange(media.heldBytes, 0);
    media.blocks.clear();
    media.hasBlocks = false;
    media.missing = end.tags.hasError() ? describeError(end.tags) : "its chunk has no media";
    return {};
  }
  media.complete = true;
  broughtMedia_ = true;
  if (media.header) {
    media.header->tags = end.tags;
  }
  return {};
}

/// Where the body had come to; null if all of the batch is there.
const FragmentMedia* FragmentFetcher::beingReceived() const {
  if (current_ != nullptr) {
    return current_;
  }
  const auto open = std::find_if(pending_.begin(), pending_.end(), [](const auto& media) {
    return !media.complete && media.missing.empty();
  });
  return open == pending_.end() ? nullptr : &*open;
}

/// Names the request and the fragment that was being received.
Error FragmentFetcher::withContext(Error error) const {
  if (!body_) {
    return error;  // of the request itself
  }
  if (const FragmentMedia* media = beingReceived()) {
    error.message += " (fragment " + media->fragment.number + " of " +
                     formatIso8601(media->fragment.producerTimestamp) + ")";
  }
  return body_->annotate(std::move(error));
}

}  // namespace kvsarchive::archive
