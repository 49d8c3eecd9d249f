// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/attempt.h"

#include <utility>

#include "kvs/service_error.h"

namespace kvsarchive::kvs {
namespace {

constexpr size_t kMaxJsonBytes = size_t{16} << 20;  // a page of 1000 fragments has about 250 KB
constexpr size_t kMaxErrorBytes = size_t{64} << 10;

}  // namespace

Attempt::Attempt(const Operation& operation, std::unique_ptr<http::Exchange> exchange,
                 aws::Credentials credentials)
    : wantsMedia_(operation.answersMedia), exchange_(std::move(exchange)) {
  answer_.credentials = std::move(credentials);
}

std::optional<Result<Answer>> Attempt::poll(const CancelToken& cancel) {
  if (!hasHead_) {
    if (!exchange_->hasHead()) {
      return std::nullopt;
    }
    auto head = exchange_->head(cancel);
    if (!head) {
      return Result<Answer>(std::move(head.error()));
    }
    hasHead_ = true;
    answer_.head = std::move(*head);
    const bool isGood = answer_.head.status == 200;
    // Media is never text: that is an error under a good status.
    onlyStart_ = !isGood || (wantsMedia_ && isTextual(answer_.head));
    if (wantsMedia_ && !onlyStart_) {
      answer_.exchange = std::move(exchange_);
      return Result<Answer>(std::move(answer_));
    }
  }
  return collect(cancel);
}

/// An error's body that broke off may have been about to say what helps, unless a header does.
bool Attempt::saysEnough() const {
  return onlyStart_ && !http::findHeader(answer_.head.headers, "x-amzn-ErrorType").empty();
}

std::optional<Result<Answer>> Attempt::collect(const CancelToken& cancel) {
  while (exchange_->hasBytes()) {
    const auto bytes = exchange_->read(cancel);
    const bool cancelled = !bytes && bytes.error().kind == ErrorKind::kCancelled;
    if (!bytes && (cancelled || !saysEnough())) {
      return Result<Answer>(bytes.error());
    }
    if (!bytes || bytes->empty()) {
      return Result<Answer>(std::move(answer_));
    }
    received_ += bytes->size();
    if (onlyStart_) {
      answer_.text.append(bytes->view().substr(0, kMaxErrorBytes - answer_.text.size()));
      if (received_ >= kMaxErrorBytes) {
        return Result<Answer>(std::move(answer_));
      }
    } else if (received_ > kMaxJsonBytes) {
      return Result<Answer>(
          makeError(ErrorKind::kDecode,
                    "the answer is longer than " + std::to_string(kMaxJsonBytes) + " bytes"));
    } else {
      answer_.text.append(bytes->view());
    }
  }
  return std::nullopt;
}

}  // namespace kvsarchive::kvs
