// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/batch_fetch.h"

#include <algorithm>
#include <climits>
#include <utility>

#include "archive/fetch_plan.h"
#include "base/log.h"
#include "kvs/service_error.h"

namespace kvsarchive::archive {
namespace {

using Outcome = FragmentMedia::Outcome;
using State = FragmentMedia::State;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// A fragment just listed may not be readable yet; more often than this it is gone for good.
constexpr int kMaxAskedAgain = 3;

/// After that long without a reader the service may have closed the connection.
constexpr std::chrono::seconds kLongWait{5};

/// A failure so old says nothing about now.

/// Attempts for what good answers lack are counted by fragment; this one only spaces them, for
/// expired fragments can be many.
http::RetryOptions patienceOptions(http::RetryOptions options) {
  options.retries = INT_MAX;
  options.backoffMax = std::min(options.backoffMax, 1.0);
  return options;
}

int maxFruitless(const http::RetryOptions& options) {
  return 1 + (options.retries < 0 ? kMaxAskedAgain : std::min(options.retries, kMaxAskedAgain));
}

bool isOfTooManyFragments(const Error& error) {
  return kvs::shortCode(error.awsCode) == "FragmentLimitExceeded";
}

uint64_t listedBytesOf(const std::vector<kvs::Fragment>& batch) {
  uint64_t bytes = 0;
  for (const kvs::Fragment& fragment : batch) {
    bytes += FetchPlan::bytesOf(fragment);
  }
  return bytes;
}

/// Whether the answer said of this very fragment that it can't have it.
bool wasRefused(const FragmentMedia& media) {
  return media.outcome != Outcome::kAbsent && media.outcome != Outcome::kError;
}

}  // namespace

BatchFetch::BatchFetch(FetchContext& context, std::vector<kvs::Fragment> batch)
    : context_(context),
      listedBytes_(listedBytesOf(batch)),
      budget_(context.client.newRetryBudget()),
      patience_(patienceOptions(context.client.retryOptions())),
      maxFruitless_(maxFruitless(context.client.retryOptions())) {
  pending_ = PendingFragments(std::move(batch));
}

void BatchFetch::allow(size_t bytes) {
  allowed_ = bytes;
  if (answer_) {
    answer_->allow(bytes);
  }
}

Result<bool> BatchFetch::step(const CancelToken& cancel) {
  if (!receiving()) {
    return false;
  }
  const auto now = context_.client.clock().steadyNow();
  leftWaiting_ = leftWaiting_ || (lastStep_ && now - *lastStep_ > kLongWait);
  lastStep_ = now;
  auto stepped = answer_ ? receive(cancel) : ask(cancel);
  if (!stepped) {
    return false;
  }
  if (!*stepped && stepped->error().kind == ErrorKind::kCancelled) {
    return stepped->error();
  }
  if (!*stepped) {
    failed_ = EarlyFailure{std::move(stepped->error())};
  }
  return true;
}

void BatchFetch::forgiveOldFailure() {
  if (failed_ && budget_.usedUp() && failed_->isOld()) {
    failed_.reset();
    budget_.progress();
  }
}

std::optional<Bell::TimePoint> BatchFetch::wakeAt() const {
  if (!receiving()) {
    return std::nullopt;
  }
  return call_ ? call_->wakeAt() : notBefore_;
}

std::optional<ConnectionStats> BatchFetch::connection() const {
  if (!answer_) {
    return std::nullopt;
  }
  const double seconds = std::chrono::duration<double>(steady_clock::now() - askedAt_).count();
  ConnectionStats stats;
  stats.firstFragment = asked_.front();
  stats.receivedBytes = receivedBytes_ + waitingBytes();
  stats.listedBytes = listedBytes_;
  stats.bytesPerSecond =
      static_cast<uint64_t>(static_cast<double>(answerBytes_ + waitingBytes()) / seconds);
  return stats;
}

std::optional<FetchEvent> BatchFetch::take() {
  if (pending_.empty()) {
    return FetchEvent(BatchEnd());
  }
  FragmentMedia& head = pending_.head();
  const bool isSkipped = head.state == State::kMissing || head.state == State::kUnreadable;
  if (isSkipped && context_.trim.mayBeOutside(head.fragment)) {
    pending_.popHead();
    return FetchEvent(FragmentOutside());
  }
  if (isSkipped) {
    FragmentSkipped skipped{std::move(head.fragment), head.state == State::kUnreadable,
                            std::move(head.reason)};
    pending_.popHead();
    return skipped;
  }
  if (!head.begun) {
    return enoughOfHead() ? std::optional<FetchEvent>(beginHead()) : std::nullopt;
  }
  // The last block of an answer that goes on may turn out to be damaged.
  const size_t heldBack = head.open() && !failed_ ? 1 : 0;
  if (head.blocks.size() > heldBack) {
    return pending_.takeBlocks(head, head.blocks.size() - heldBack);
  }
  if (!head.open()) {
    return endHead();
  }
  return std::nullopt;
}

FetchEvent BatchFetch::endHead() {
  FragmentMedia& head = pending_.head();
  FragmentEnd end;
  if (head.state == State::kCutShort) {
    end.cutShort = std::move(head.reason);
  } else if (head.listedWrong) {
    end.wrongSize = std::move(head.reason);
  }
  pending_.popHead();
  return end;
}

bool BatchFetch::enoughOfHead() {
  const FragmentMedia& head = pending_.head();
  if (!head.header) {
    return false;
  }
  // What came before a failure goes out before the failure is told.
  if (!head.open() || (failed_ && head.received > 0)) {
    return true;
  }
  const bool whole = context_.firstOfDocument || context_.trim.concerns(head.fragment);
  return head.heldBytes >= (whole ? kHoldWholeBytes : kHoldBytes);
}

FetchEvent BatchFetch::beginHead() {
  FragmentMedia& head = pending_.head();
  const size_t received = head.blocks.size();
  if (context_.trim.concerns(head.fragment)) {
    pending_.keepOnly(head, context_.trim.blocksToKeep(head));
  }
  if (received > 0 && head.blocks.empty() && !head.open()) {
    pending_.popHead();
    return FragmentOutside();
  }
  head.begun = true;
  context_.firstOfDocument = false;
  return FragmentBegin{head.fragment, *head.header, head.earliestTicks,
                       received - head.blocks.size(), received == 0 && !head.open()};
}

std::optional<Status> BatchFetch::ask(const CancelToken& cancel) {
  if (notBefore_ && steady_clock::now() < *notBefore_) {
    return std::nullopt;
  }
  notBefore_.reset();
  if (!call_) {
    if (allowed_ == 0) {
      return std::nullopt;
    }
    asked_.clear();
    for (const FragmentMedia* media : pending_.allOpen()) {
      asked_.push_back(media->fragment.number);
    }
    asked_.resize(oneAtATime_ ? 1 : std::min(asked_.size(), context_.atOnce));
    askedAt_ = steady_clock::now();
    answerBytes_ = 0;
    call_ = context_.client.getMediaForFragmentList(asked_, allowed_, budget_);
  }
  auto body = call_->poll(cancel);
  if (!body) {
    return std::nullopt;
  }
  if (!*body && body->error().kind == ErrorKind::kCancelled) {
    return body->error();
  }
  call_.reset();
  if (!*body && isOfTooManyFragments(body->error()) && asked_.size() > 1) {
    context_.atOnce = asked_.size() / 2;
    return Status();
  }
  if (!*body) {
    return body->error();
  }
  leftWaiting_ = false;
  answerBrought_ = false;
  answer_.emplace(std::move(**body), asked_, pending_, context_.sizes);
  answer_->allow(allowed_);
  return Status();
}

std::optional<Status> BatchFetch::receive(const CancelToken& cancel) {
  if (!answer_->hasBytes()) {
    return std::nullopt;
  }
  auto goesOn = answer_->receive(cancel);
  receivedBytes_ += answer_->lastBytes();
  answerBytes_ += answer_->lastBytes();
  context_.receivedBytes += answer_->lastBytes();
  if (answer_->takeProgress()) {
    answerBrought_ = true;
    budget_.progress();
    patience_.progress();
    context_.skippedUnproven = false;
  }
  if (goesOn) {
    return *goesOn ? Status() : settle(std::nullopt);
  }
  if (goesOn.error().kind == ErrorKind::kCancelled) {
    return goesOn.error();
  }
  return settle(std::move(goesOn.error()));
}

/// An answer is over, well or not: decides what is to be had of the fragments that it lacked, and
/// whether to ask again.
Status BatchFetch::settle(std::optional<Error> failure) {
  const bool cleanEnd = !failure;
  if (failure && failure->kind == ErrorKind::kDecode) {
    FragmentMedia* damaged = answer_->unreadable();
    oneAtATime_ = true;  // so that the next answer tells which fragment it is
    if (damaged != nullptr) {
      damaged->outcome = Outcome::kUnreadable;
      damaged->reason = failure->message;
      failure.reset();
    }
  }
  if (answer_->overflowed()) {
    pending_.dropAllButHead();
  }
  oneAtATime_ = oneAtATime_ || answer_->overflowed() || answer_->nameless();
  if (failure) {
    failure = answer_->withContext(std::move(*failure));
  }
  bool inVain = false;
  for (FragmentMedia* media : pending_.allOpen()) {
    if (!answer_->askedFor(media->fragment.number)) {
      continue;
    }
    if (media->outcome == Outcome::kError && !failure) {
      failure = std::move(media->error);
    }
    if (media->outcome == Outcome::kAbsent && cleanEnd) {
      settleAbsent(*media, &failure);
    } else if (wasRefused(*media)) {
      countInVain(*media);
    }
    inVain = inVain || wasRefused(*media);
  }
  if (pending_.allOpen().empty()) {
    answer_.reset();
    return {};
  }
  Status planned = planNextTry(failure, inVain || !answerBrought_);
  answer_.reset();
  return planned;
}

/// A good answer that goes on with others behind this one says something about the fragment. One
/// that has nothing at all may be a dead network's: it counts against one fragment, if only that
/// was wanted, but not against the next one too.
void BatchFetch::settleAbsent(FragmentMedia& media, std::optional<Error>* failure) {
  media.passedOver = media.passedOver || answer_->passedOver(media.fragment.number);
  if (answerBrought_) {
    return;  // more of it may come in the next one
  }
  const bool onlyItIsToBlame = pending_.allOpen().size() == 1 && !context_.skippedUnproven;
  if (media.passedOver || onlyItIsToBlame) {
    media.reason = "it is not in the service's answer";
    countInVain(media);
    context_.skippedUnproven = !media.passedOver && !media.open();
  } else if (!*failure) {
    *failure = answer_->withContext(
        makeError(ErrorKind::kRead, "The service answers with nothing that was asked for"));
    (*failure)->recovery = Recovery::kRetry;
  }
}

/// The fragment was asked for in vain; often enough, nothing more of it is to be had.
void BatchFetch::countInVain(FragmentMedia& media) {
  if (++media.fruitless < maxFruitless_) {
    return;
  }
  oneAtATime_ = false;
  if (media.begun || media.received > 0) {
    media.state = State::kCutShort;
  } else {
    media.state = media.outcome == Outcome::kUnreadable ? State::kUnreadable : State::kMissing;
  }
}

Status BatchFetch::planNextTry(const std::optional<Error>& failure, bool inVain) {
  if (!failure) {
    if (answerBrought_ && !inVain) {
      oneAtATime_ = false;
    }
    context_.client.countMediaRetry();
    if (inVain) {
      pauseFor(patience_.next(Recovery::kRetry).value_or(milliseconds(0)));
    }
    return {};
  }
  const bool rested = failure->recovery == Recovery::kResume ||
                      (leftWaiting_ && failure->recovery == Recovery::kRetry);
  if (rested) {
    log::write(log::Level::kInfo, log::Area::kArchive,
               failure->message + "; the connection rested, so this is not counted");
    return {};
  }
  context_.client.countRetry(*failure);
  const auto delay = budget_.next(failure->recovery);
  if (!delay) {
    return http::givenUp(*failure, budget_);
  }
  log::write(log::Level::kWarning, log::Area::kArchive,
             failure->message + "; asking again for what is missing in " +
                 std::to_string(delay->count()) + " ms");
  pauseFor(*delay);
  return {};
}

void BatchFetch::pauseFor(milliseconds delay) {
  if (delay.count() > 0) {
    notBefore_ = steady_clock::now() + delay;
  }
}

}  // namespace kvsarchive::archive
