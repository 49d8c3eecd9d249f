// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/fragment_fetcher.h"

#include <algorithm>
#include <climits>
#include <utility>

#include "base/log.h"

namespace kvsarchive::archive {
namespace {

using Outcome = FragmentMedia::Outcome;
using State = FragmentMedia::State;

/// A fragment just listed may not be readable yet; more often than this it is gone for good.
constexpr int kMaxAskedAgain = 3;

/// After that long without a reader the service may have closed the connection.
constexpr std::chrono::seconds kLongWait{5};

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
  return error.awsCode.rfind("FragmentLimitExceeded", 0) == 0;
}

/// Whether the answer said of this very fragment that it can't have it.
bool wasRefused(const FragmentMedia& media) {
  return media.outcome != Outcome::kAbsent && media.outcome != Outcome::kError;
}

}  // namespace

FragmentFetcher::FragmentFetcher(kvs::ArchivedMediaClient& client, const RangeTrim& trim)
    : client_(client),
      trim_(trim),
      budget_(client.newRetryBudget()),
      patience_(patienceOptions(client.retryOptions())),
      maxFruitless_(maxFruitless(client.retryOptions())) {}

void FragmentFetcher::start(std::vector<kvs::Fragment> batch) {
  answer_.reset();
  pending_ = PendingFragments(std::move(batch));
  alone_ = false;
  pause_ = std::chrono::milliseconds(0);
  failed_.reset();
}

Result<FetchEvent> FragmentFetcher::next(const CancelToken& cancel) {
  for (;;) {
    if (auto event = takeFromHead()) {
      return std::move(*event);
    }
    if (failed_) {
      return *failed_;
    }
    if (pending_.empty()) {
      return FetchEvent(BatchEnd());
    }
    Status received = receive(cancel);
    if (!received && received.error().kind == ErrorKind::kCancelled) {
      return received.error();
    }
    if (!received) {
      failed_ = std::move(received.error());
    }
  }
}

/// What the first pending fragment has to say; no value if more has to be received for that.
std::optional<FetchEvent> FragmentFetcher::takeFromHead() {
  if (pending_.empty()) {
    return std::nullopt;
  }
  FragmentMedia& head = pending_.head();
  const bool isSkipped = head.state == State::kMissing || head.state == State::kUnreadable;
  if (isSkipped && trim_.mayBeOutside(head.fragment)) {
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
    return pending_.takeBlock(head);
  }
  if (!head.open()) {
    return endHead();
  }
  return std::nullopt;
}

FetchEvent FragmentFetcher::endHead() {
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

bool FragmentFetcher::enoughOfHead() {
  const FragmentMedia& head = pending_.head();
  if (!head.header) {
    return false;
  }
  // What came before a failure goes out before the failure is told.
  if (!head.open() || (failed_ && head.received > 0)) {
    return true;
  }
  const bool whole = firstOfDocument_ || trim_.concerns(head.fragment);
  return head.heldBytes >= (whole ? kHoldWholeBytes : kHoldBytes);
}

FetchEvent FragmentFetcher::beginHead() {
  FragmentMedia& head = pending_.head();
  const size_t received = head.blocks.size();
  if (trim_.concerns(head.fragment)) {
    pending_.keepOnly(head, trim_.blocksToKeep(head));
  }
  if (received > 0 && head.blocks.empty() && !head.open()) {
    pending_.popHead();
    return FragmentOutside();
  }
  head.begun = true;
  firstOfDocument_ = false;
  return FragmentBegin{head.fragment, *head.header, head.earliestTicks,
                       received - head.blocks.size()};
}

Status FragmentFetcher::receive(const CancelToken& cancel) {
  if (!answer_) {
    return ask(cancel);
  }
  leftWaiting_ = leftWaiting_ || client_.clock().steadyNow() - lastReceived_ > kLongWait;
  auto goesOn = answer_->receive(cancel);
  lastReceived_ = client_.clock().steadyNow();
  receivedBytes_ += answer_->lastBytes();
  if (answer_->takeProgress()) {
    answerBrought_ = true;
    budget_.progress();
    patience_.progress();
    skippedUnproven_ = false;
  }
  if (goesOn) {
    return *goesOn ? Status() : settle(std::nullopt);
  }
  if (goesOn.error().kind == ErrorKind::kCancelled) {
    return goesOn.error();
  }
  return settle(std::move(goesOn.error()));
}

Status FragmentFetcher::ask(const CancelToken& cancel) {
  if (pause_.count() > 0 && !cancel.sleepFor(pause_)) {
    return cancelledError();
  }
  std::vector<std::string> numbers;
  for (const FragmentMedia* media : pending_.allOpen()) {
    numbers.push_back(media->fragment.number);
  }
  numbers.resize(alone_ ? 1 : std::min(numbers.size(), atOnce_));
  auto body = client_.getMediaForFragmentList(numbers, budget_, cancel);
  if (!body && isOfTooManyFragments(body.error()) && numbers.size() > 1) {
    atOnce_ = numbers.size() / 2;
    return {};
  }
  if (!body) {
    return body.error();
  }
  pause_ = std::chrono::milliseconds(0);
  lastReceived_ = client_.clock().steadyNow();
  leftWaiting_ = false;
  answerBrought_ = false;
  answer_.emplace(std::move(*body), numbers, pending_, sizes_);
  return {};
}

/// An answer is over, well or not: decides what is to be had of the fragments that it lacked, and
/// whether to ask again.
Status FragmentFetcher::settle(std::optional<Error> failure) {
  const bool cleanEnd = !failure;
  if (failure && failure->kind == ErrorKind::kDecode) {
    FragmentMedia* damaged = answer_->unreadable();
    alone_ = true;  // so that the next answer tells which fragment it is
    if (damaged != nullptr) {
      damaged->outcome = Outcome::kUnreadable;
      damaged->reason = failure->message;
      failure.reset();
    }
  }
  if (answer_->overflowed()) {
    pending_.dropAllButHead();
  }
  alone_ = alone_ || answer_->overflowed() || answer_->nameless();
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
void FragmentFetcher::settleAbsent(FragmentMedia& media, std::optional<Error>* failure) {
  media.passedOver = media.passedOver || answer_->passedOver(media.fragment.number);
  if (answerBrought_) {
    return;  // more of it may come in the next one
  }
  const bool alone = pending_.allOpen().size() == 1 && !skippedUnproven_;
  if (media.passedOver || alone) {
    media.reason = "it is not in the service's answer";
    countInVain(media);
    skippedUnproven_ = !media.passedOver && !media.open();
  } else if (!*failure) {
    *failure = answer_->withContext(
        makeError(ErrorKind::kRead, "The service answers with nothing that was asked for"));
    (*failure)->recovery = Recovery::kRetry;
  }
}

/// The fragment was asked for in vain; often enough, nothing more of it is to be had.
void FragmentFetcher::countInVain(FragmentMedia& media) {
  if (++media.fruitless < maxFruitless_) {
    return;
  }
  alone_ = false;
  if (media.begun || media.received > 0) {
    media.state = State::kCutShort;
  } else {
    media.state = media.outcome == Outcome::kUnreadable ? State::kUnreadable : State::kMissing;
  }
}

Status FragmentFetcher::planNextTry(const std::optional<Error>& failure, bool inVain) {
  if (!failure) {
    if (answerBrought_ && !inVain) {
      alone_ = false;
    }
    pause_ = inVain ? patience_.next(Recovery::kRetry).value_or(std::chrono::milliseconds(0))
                    : std::chrono::milliseconds(0);
    return {};
  }
  if (leftWaiting_ && failure->recovery == Recovery::kRetry) {
    log::write(log::Level::kInfo, log::Area::kArchive,
               failure->message + "; the connection rested, so this is not counted");
    return {};
  }
  const auto delay = budget_.next(failure->recovery);
  if (!delay) {
    return http::givenUp(*failure, budget_);
  }
  log::write(log::Level::kWarning, log::Area::kArchive,
             failure->message + "; asking again for what is missing in " +
                 std::to_string(delay->count()) + " ms");
  pause_ = *delay;
  return {};
}

}  // namespace kvsarchive::archive
