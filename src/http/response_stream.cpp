// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/response_stream.h"

#include <utility>

namespace kvsarchive::http {

void ResponseStream::setHead(ResponseHead head) { state_.lock()->head = std::move(head); }

bool ResponseStream::append(std::string_view data) {
  if (received_ + unpublished_ >= limit_) {
    publish();  // so that the reader's side counts the same
    refused_ = true;
    if (received_ >= limit_) {  // still, though the reader may have made room before it saw this
      return false;
    }
    refused_ = false;
  }
  while (!data.empty()) {
    unpublished_ += writer_.copy(data);
    if (writer_.isFull()) {
      publish();
    }
  }
  return true;
}

void ResponseStream::publish() {
  if (unpublished_ == 0) {
    return;
  }
  const size_t size = std::exchange(unpublished_, 0);
  auto state = state_.lock();
  // Extended in place: the reader's thread counts views of the slab at the same time.
  if (state->body.empty() || !writer_.extend(&state->body.back(), size)) {
    state->body.push_back(writer_.last(size));
  }
  received_ += size;
}

void ResponseStream::finish(std::optional<Error> error) {
  auto state = state_.lock();
  if (!finished_) {
    state->error = std::move(error);
    finished_ = true;
  }
}

Result<ResponseHead> ResponseStream::head(const CancelToken& cancel) {
  if (!waitUntil([this] { return hasHead(); }, cancel)) {
    return cancelledError();
  }
  auto state = state_.lock();
  if (state->head) {
    return *state->head;
  }
  return *state->error;
}

Result<Bytes> ResponseStream::read(const CancelToken& cancel) {
  if (!waitUntil([this] { return hasBytes(); }, cancel)) {
    return cancelledError();
  }
  auto state = state_.lock();
  if (!state->body.empty()) {
    Bytes bytes = std::move(state->body.front());
    state->body.pop_front();
    taken_ += bytes.size();
    // Not for every few bytes: each time wakes the receiving side.
    if (readAhead_ && received_ - taken_ <= *readAhead_ / 2) {
      limit_ = taken_ + *readAhead_;
    }
    return bytes;
  }
  if (state->error) {
    return *state->error;
  }
  return Bytes();
}

bool ResponseStream::hasHead() { return finished_ || state_.lock()->head; }

bool ResponseStream::hasBytes() const { return received_ > taken_ || finished_; }

void ResponseStream::allow(size_t bytes) {
  readAhead_.reset();
  limit_ = taken_ + bytes;
}

bool ResponseStream::takeRoom() {
  return refused_ && received_ < limit_ && refused_.exchange(false);
}

bool ResponseStream::finished() const { return finished_; }

template <typename Ready>
bool ResponseStream::waitUntil(const Ready& ready, const CancelToken& cancel) {
  for (;;) {
    const uint64_t count = bell_->count();
    if (cancel.isCancelled()) {
      return false;
    }
    if (ready()) {
      return true;
    }
    if (!bell_->wait(count, std::nullopt, cancel)) {
      return false;
    }
  }
}

}  // namespace kvsarchive::http
