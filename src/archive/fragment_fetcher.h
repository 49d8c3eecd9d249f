// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "archive/batch_fetch.h"
#include "archive/fetch_context.h"
#include "archive/fetch_event.h"
#include "archive/fetch_limits.h"
#include "base/bell.h"
#include "base/cancel_token.h"
#include "base/result.h"

namespace kvsarchive::archive {

/// Fetches several batches at a time and hands on their fragments in the order in which the batches
/// were started. What is received and not handed on, parsed or not, never exceeds the limit: each
/// batch is allowed a part of what is free, the earlier the more, so that the first one can always
/// go on. Goes on by being polled, and never blocks but for credentials. One thread.
class FragmentFetcher {
 public:
  FragmentFetcher(kvs::ArchivedMediaClient& client, const RangeTrim& trim,
                  const FetchLimits& limits);

  /// Whether a batch can be started now whose first fragment has so many bytes.
  bool canStart(uint64_t firstBytes) const;
  /// How many bytes it should have. `left`: that are not started yet, if that is known.
  uint64_t batchBytes(std::optional<uint64_t> left) const;
  /// Takes the next batch.
  void start(std::vector<kvs::Fragment> batch);

  /// Drops all that was started and closes its connections. The next batch is a first one again.
  void clear();

  /// The next event; BatchEnd behind the last one of each batch. No value while it has to be waited
  /// for, as kvs::ClientCall has it, or nothing was started.
  /// Errors: the client's and the transport's, once attempts without progress are used up; kDecode
  /// for an answer that can't be read. After kCancelled nothing is lost.
  std::optional<Result<FetchEvent>> poll(const CancelToken& cancel);

  /// When poll() has to be called again at the latest.
  std::optional<Bell::TimePoint> wakeAt() const { return wakeAt_; }

  /// Nothing that was started is left.
  bool idle() const { return batches_.empty(); }

  /// The document's first fragment could not be used, so the next one is the first.
  void expectFirstAgain() { context_.firstOfDocument = true; }

  /// Bytes of media received since construction, without those that were given up unseen.
  uint64_t receivedBytes() const { return context_.receivedBytes + waitingBytes(); }
  /// Bodies that are being received.
  std::vector<ConnectionStats> connections() const;
  /// Bytes received that wait to be handed on.
  size_t outstandingBytes() const;

 private:
  uint64_t listedBehindFirst() const;
  uint64_t leastAllowed() const;
  Status stepAll(const CancelToken& cancel);
  void freeConnection();
  void popFirst();
  void allowAll();
  void planWakeUp();
  size_t heldBytes() const;
  size_t waitingBytes() const;

  FetchContext context_;
  const FetchLimits limits_;
  std::deque<std::unique_ptr<BatchFetch>> batches_;
  uint64_t started_ = 0;
  uint64_t steppedAt_ = 0;  ///< count of the bell
  bool busy_ = false;       ///< the batches behind the first may go on without a wait
  std::optional<Bell::TimePoint> wakeAt_;
  std::optional<Bell::TimePoint> freedAt_;  ///< a connection, for the first batch that waits
};

}  // namespace kvsarchive::archive
