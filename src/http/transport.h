// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "base/bell.h"
#include "base/bytes.h"
#include "base/cancel_token.h"
#include "base/result.h"
#include "http/message.h"

namespace kvsarchive::http {

/// One request on its way. Used by one thread at a time. Destroying it closes the connection unless
/// the body was read to its end, in which case the connection is kept for the next request.
class Exchange {
 public:
  virtual ~Exchange() = default;

  /// Waits for status and headers. May be called again, also after kCancelled.
  /// Blocks: until the answer begins, the time-outs, or cancel.
  /// Errors: kCancelled (nothing is lost, call again), kOpenRead; kSettings for a request that
  /// can't be sent as it is or a CA file that can't be read.
  virtual Result<ResponseHead> head(const CancelToken& cancel) = 0;

  /// Waits for the next bytes of the body, in order; empty bytes mean its clean end. Bytes that
  /// follow each other adjoin in one slab where possible. Implies head().
  /// Blocks: as head(). Errors: kCancelled (nothing is lost, call again), kOpenRead before the
  /// answer began, kRead when the body breaks off, stalls, or is shorter than announced.
  virtual Result<Bytes> read(const CancelToken& cancel) = 0;

  // Whether head() or read() would not wait now. The transport's bell rings when that changes.
  virtual bool hasHead() = 0;
  virtual bool hasBytes() = 0;
  /// Bytes of the body that were received and not read.
  virtual size_t waitingBytes() const = 0;

  /// Until the next call at most so many bytes are handed out, those included that wait already;
  /// then receiving stops. In place of Request::readAhead.
  virtual void allow(size_t bytes) = 0;
};

/// Sends requests. Any thread.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Starts a request; never blocks. What goes wrong is told by the Exchange.
  virtual std::unique_ptr<Exchange> send(Request request) = 0;

  /// Rings for all news of all exchanges.
  Bell& bell() { return *bell_; }

 protected:
  std::shared_ptr<Bell> sharedBell() const { return bell_; }

 private:
  const std::shared_ptr<Bell> bell_ = std::make_shared<Bell>();
};

}  // namespace kvsarchive::http
