// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/fake_transport.h"

#include <algorithm>

namespace kvsarchive::test {
namespace {

// Odd and small: nobody may rely on where a body is split.
constexpr size_t kPiece = 7;
constexpr size_t kLaterPiece = 65'537;  // so that large ones take no time
constexpr size_t kSmall = 4096;

class FakeExchange : public http::Exchange {
 public:
  explicit FakeExchange(CannedAnswer answer) : answer_(std::move(answer)) {}

  Result<http::ResponseHead> head(const CancelToken& cancel) override {
    if (cancel.isCancelled()) {
      return cancelledError();
    }
    if (answer_.headError) {
      return *answer_.headError;
    }
    return http::ResponseHead{answer_.status, answer_.headers};
  }

  bool hasHead() override { return true; }
  bool hasBytes() override { return true; }
  size_t waitingBytes() const override { return 0; }
  void allow(size_t) override {}

  Result<Bytes> read(const CancelToken& cancel) override {
    const Result<http::ResponseHead> answered = head(cancel);
    if (!answered) {
      return answered.error();
    }
    if (position_ == answer_.body.size() && answer_.bodyError) {
      return *answer_.bodyError;
    }
    const size_t piece = position_ < kSmall ? kPiece : kLaterPiece;
    const size_t size = std::min(piece, answer_.body.size() - position_);
    Bytes bytes = Bytes::copyOf(std::string_view(answer_.body).substr(position_, size));
    position_ += size;
    return bytes;
  }

 private:
  const CannedAnswer answer_;
  size_t position_ = 0;
};

}  // namespace

std::unique_ptr<http::Exchange> FakeTransport::send(http::Request request) {
  requests_.lock()->push_back(std::move(request));
  auto answers = answers_.lock();
  CannedAnswer answer;
  if (answers->empty()) {
    answer.headError = makeError(ErrorKind::kOpenRead, "no canned answer left");
  } else {
    answer = std::move(answers->front());
    answers->pop_front();
  }
  return std::make_unique<FakeExchange>(std::move(answer));
}

void FakeTransport::clear() {
  answers_.lock()->clear();
  requests_.lock()->clear();
}

std::vector<std::string> FakeTransport::paths() {
  std::vector<std::string> paths;
  for (const http::Request& request : requests()) {
    paths.push_back(request.url.substr(request.url.rfind('/')));
  }
  return paths;
}

}  // namespace kvsarchive::test
