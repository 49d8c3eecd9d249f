// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "base/bell.h"
#include "base/bytes.h"
#include "base/cancel_token.h"
#include "base/guarded.h"
#include "base/result.h"
#include "http/message.h"
#include "http/slab_writer.h"

namespace kvsarchive::http {

/// An answer on its way from the thread that receives it to the thread that reads it, with a bound
/// on what waits in between.
class ResponseStream {
 public:
  /// `readAhead`: once so many bytes wait for the reader append() refuses more, unless allow() says
  /// otherwise; not 0.
  ResponseStream(size_t readAhead, std::shared_ptr<SlabPool> pool, std::shared_ptr<Bell> bell)
      : writer_(std::move(pool)),
        bell_(std::move(bell)),
        readAhead_(readAhead),
        limit_(readAhead) {}

  // The receiving side, one thread. What it stores is seen by the reader once it is published, and
  // by one that waits when the bell rings next, so that one wake-up serves for many small pieces.
  void setHead(ResponseHead head);
  /// Takes all of `data`, or nothing (false) when the reader has to catch up first.
  bool append(std::string_view data);
  /// Shows the reader what was appended. Before finish(), else it never sees it.
  void publish();
  /// The clean end, or an error. Only the first end counts.
  void finish(std::optional<Error> error);

  // The reading side, one thread.
  /// As Exchange::head().
  Result<ResponseHead> head(const CancelToken& cancel);
  /// As Exchange::read().
  Result<Bytes> read(const CancelToken& cancel);
  // As in Exchange.
  bool hasHead();
  bool hasBytes() const;
  size_t waitingBytes() const { return received_ - taken_; }
  void allow(size_t bytes);
  /// True once after append() refused data and may take some again.
  bool takeRoom();
  bool finished() const;

 private:
  struct State {
    std::optional<ResponseHead> head;
    std::deque<Bytes> body;
    std::optional<Error> error;
  };

  template <typename Ready>
  bool waitUntil(const Ready& ready, const CancelToken& cancel);

  // The receiving side's.
  SlabWriter writer_;
  size_t unpublished_ = 0;  ///< bytes, of the writer's current slab

  Guarded<State> state_;
  const std::shared_ptr<Bell> bell_;

  // The reading side's.
  std::optional<size_t> readAhead_;  ///< none once allow() decides
  uint64_t taken_ = 0;               ///< bytes handed out

  // Apart from the lock, which the reader would take for each of many streams all the time.
  std::atomic<uint64_t> received_{0};
  std::atomic<uint64_t> limit_;  ///< of received_
  std::atomic<bool> refused_{false};
  std::atomic<bool> finished_{false};
};

}  // namespace kvsarchive::http
