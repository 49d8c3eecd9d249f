// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/response_stream.h"

#include <algorithm>

namespace kvsarchive::http {

void ResponseStream::setHead(ResponseHead head) { state_.lock()->head = std::move(head); }

bool ResponseStream::append(std::string_view data) {
  {
    auto state = state_.lock();
    const bool isFull = state->allowed ? *state->allowed == 0 : state->buffered > state->readAhead;
    if (isFull) {
      state->refused = true;
      return false;
    }
    if (state->allowed) {
      *state->allowed -= std::min(*state->allowed, data.size());
    }
  }
  while (!data.empty()) {
    Bytes piece = writer_.copy(data);  // copied without the lock: no view of it exists yet
    auto state = state_.lock();
    state->buffered += piece.size();
    if (!state->body.empty() && state->body.back().adjoins(piece)) {
      state->body.back().append(piece);
    } else {
      state->body.push_back(std::move(piece));
    }
  }
  return true;
}

void ResponseStream::finish(std::optional<Error> error) {
  auto state = state_.lock();
  if (!state->finished) {
    state->finished = true;
    state->error = std::move(error);
  }
}

Result<ResponseHead> ResponseStream::head(const CancelToken& cancel) {
  if (!waitUntil([](const State& state) { return state.head || state.finished; }, cancel)) {
    return cancelledError();
  }
  auto state = state_.lock();
  if (state->head) {
    return *state->head;
  }
  return *state->error;
}

Result<Bytes> ResponseStream::read(const CancelToken& cancel) {
  if (!waitUntil([](const State& state) { return !state.body.empty() || state.finished; },
                 cancel)) {
    return cancelledError();
  }
  auto state = state_.lock();
  if (!state->body.empty()) {
    Bytes bytes = std::move(state->body.front());
    state->body.pop_front();
    state->buffered -= bytes.size();
    return bytes;
  }
  if (state->error) {
    return *state->error;
  }
  return Bytes();
}

bool ResponseStream::hasHead() {
  auto state = state_.lock();
  return state->head || state->finished;
}

bool ResponseStream::hasBytes() {
  auto state = state_.lock();
  return !state->body.empty() || state->finished;
}

void ResponseStream::allow(size_t bytes) {
  auto state = state_.lock();
  state->allowed = bytes - std::min(bytes, state->buffered);
}

bool ResponseStream::takeRoom() {
  auto state = state_.lock();
  const bool isRoom =
      state->allowed ? *state->allowed > 0 : state->buffered <= state->readAhead / 2;
  const bool room = state->refused && isRoom;
  if (room) {
    state->refused = false;
  }
  return room;
}

bool ResponseStream::finished() { return state_.lock()->finished; }

bool ResponseStream::waitUntil(bool (*ready)(const State&), const CancelToken& cancel) {
  for (;;) {
    const uint64_t count = bell_->count();
    if (cancel.isCancelled()) {
      return false;
    }
    if (ready(*state_.lock())) {
      return true;
    }
    if (!bell_->wait(count, std::nullopt, cancel)) {
      return false;
    }
  }
}

}  // namespace kvsarchive::http
