// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/credentials.h"
#include "base/cancel_token.h"
#include "base/result.h"
#include "http/transport.h"
#include "kvs/operation.h"

namespace kvsarchive::kvs {

/// What came back, whatever its status.
struct Answer {
  http::ResponseHead head;
  std::string text;  ///< the body, or the start of one that is only good for an error message
  std::unique_ptr<http::Exchange> exchange;  ///< for media: the body is to be read from it
  aws::Credentials credentials;              ///< it was signed with, to keep them out of messages
};

/// One request on its way, until its answer can be judged. One thread.
class Attempt {
 public:
  Attempt(const Operation& operation, std::unique_ptr<http::Exchange> exchange,
          aws::Credentials credentials);

  /// The answer, or the transport's error; no value while it has to be waited for. Never blocks.
  /// After kCancelled nothing is lost.
  std::optional<Result<Answer>> poll(const CancelToken& cancel);

  /// What came until an error; null if not even the head did.
  const Answer* received() const { return hasHead_ ? &answer_ : nullptr; }
  /// Of the answer's body.
  size_t waitingBytes() const { return exchange_ ? exchange_->waitingBytes() : 0; }

 private:
  bool saysEnough() const;
  std::optional<Result<Answer>> collect(const CancelToken& cancel);

  const bool wantsMedia_;
  std::unique_ptr<http::Exchange> exchange_;
  Answer answer_;
  bool hasHead_ = false;
  size_t received_ = 0;     ///< of the body
  bool onlyStart_ = false;  ///< of an error's body
};

}  // namespace kvsarchive::kvs
