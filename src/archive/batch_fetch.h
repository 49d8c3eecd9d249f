// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "archive/early_failure.h"
#include "archive/fetch_context.h"
#include "archive/fetch_event.h"
#include "archive/media_answer.h"
#include "archive/pending_fragments.h"
#include "archive/run_stats.h"
#include "base/bell.h"
#include "base/cancel_token.h"
#include "base/result.h"
#include "http/retry_policy.h"

namespace kvsarchive::archive {

/// Fetches one batch of fragments and hands them on in the order asked for, in whatever order the
/// service sends them. When an answer breaks off only what was not received is asked for again; a
/// fragment whose first blocks were handed on goes on at the next block. That costs no attempt when
/// nobody had called step() for long: services close connections that rest.
class BatchFetch {
 public:
  /// A fragment begins when it is complete or this much of it is there, so that its tags, which
  /// stand behind the media, are known as a rule without holding a fragment of 50 MB.
  static constexpr size_t kHoldBytes = size_t{4} << 20;
  /// What has to be complete before it begins: the document's first fragment, since the origin is
  /// the time of its earliest block, and what may have to be trimmed.
  static constexpr size_t kHoldWholeBytes = size_t{64} << 20;

  BatchFetch(FetchContext& context, std::vector<kvs::Fragment> batch);
  BatchFetch(const BatchFetch&) = delete;
  BatchFetch& operator=(const BatchFetch&) = delete;

  /// Until the next call at most so many bytes are received; with 0 nothing new is asked for.
  void allow(size_t bytes);

  /// Goes on by one step; false if it has to be waited for. Errors: kCancelled, and then nothing is
  /// lost. All others are told by failed().
  Result<bool> step(const CancelToken& cancel);

  /// The next event of what is there; BatchEnd at the end, no value if more has to be received.
  std::optional<FetchEvent> take();

  /// The client's or the transport's error once attempts without progress are used up, or kDecode
  /// for an answer that can't be read. Told when all that came before it was handed on.
  const Error* failed() const { return failed_ ? &failed_->error : nullptr; }
  /// Makes more attempts if those made are some time ago: the batches before this one were fetched
  /// since.
  void forgiveOldFailure();

  /// When step() has to be called again at the latest.
  std::optional<Bell::TimePoint> wakeAt() const;

  /// It can't ask, because of what others of the stream ask for.
  bool waitsForQuota() const { return call_ && call_->waitsForQuota(); }
  /// The same, and it is for the connections.
  bool waitsForConnection() const { return call_ && call_->waitsForConnection(); }
  /// An answer is being received, or was asked for.
  bool hasAsked() const { return answer_ || (call_ && !waitsForQuota()); }
  /// It has an answer that may not go on for now.
  bool isPaused() const { return answer_ && allowed_ == 0; }
  /// Leaves the connection to others; later it goes on with another one, at no cost.
  void giveUpConnection() { answer_.reset(); }

  /// More has to be received.
  bool receiving() const { return !failed_ && pending_.anyOpen(); }
  size_t heldBytes() const {
    return pending_.heldBytes() + (answer_ ? answer_->unparsedBytes() : 0);
  }
  /// Received, and not taken by step() yet.
  size_t waitingBytes() const {
    return answer_ ? answer_->waitingBytes() : (call_ ? call_->waitingBytes() : 0);
  }
  /// Of the body that is being received; none while there is none.
  std::optional<ConnectionStats> connection() const;
  uint64_t listedBytes() const { return listedBytes_; }
  /// Of what was listed, about so much is not received yet.
  uint64_t missingBytes() const { return listedBytes_ - std::min(listedBytes_, receivedBytes_); }

 private:
  bool enoughOfHead();
  FetchEvent beginHead();
  FetchEvent endHead();

  std::optional<Status> ask(const CancelToken& cancel);
  std::optional<Status> receive(const CancelToken& cancel);
  Status settle(std::optional<Error> failure);
  void settleAbsent(FragmentMedia& media, std::optional<Error>* failure);
  void countInVain(FragmentMedia& media);
  Status planNextTry(const std::optional<Error>& failure, bool inVain);
  void pauseFor(std::chrono::milliseconds delay);

  FetchContext& context_;
  PendingFragments pending_;
  const uint64_t listedBytes_;
  size_t allowed_ = 0;
  uint64_t receivedBytes_ = 0;
  uint64_t answerBytes_ = 0;  ///< of the current answer
  Bell::TimePoint askedAt_{};
  std::vector<std::string> asked_;
  http::RetryBudget budget_;    ///< of attempts that failed
  http::RetryBudget patience_;  ///< pauses before asking again for what good answers lack
  int maxFruitless_;            ///< times that a fragment is asked for
  std::unique_ptr<kvs::MediaCall> call_;
  std::optional<MediaAnswer> answer_;
  std::optional<Bell::TimePoint> notBefore_;
  std::optional<Bell::TimePoint> lastStep_;
  bool leftWaiting_ = false;    ///< nobody came for the current answer for long
  bool oneAtATime_ = false;     ///< ask for one fragment only: answers can't be told apart
  bool answerBrought_ = false;  ///< the current answer brought anything new
  std::optional<EarlyFailure> failed_;
};

}  // namespace kvsarchive::archive
