// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/response_stream.h"

namespace kvsarchive::http {

void ResponseStream::setHead(ResponseHead head) { state_.lock()->head = std::move(head); }

bool ResponseStream::append(std::string_view data) {
  {
    auto state = state_.lock();
    if (state->buffered > readAhead_) {
      state->refused = true;
      return false;
    }
  }
  while (!data.empty()) {
    const Bytes piece = writer_.copy(data);  // copied without the lock: no view of it exists yet
    auto state = state_.lock();
    state->buffered += piece.size();
    if (!state->body.empty() && state->body.back().adjoins(piece)) {
      Bytes& last = state->body.back();
      last = Bytes(last.slab(), last.offset(), last.size() + piece.size());
    } else {
      state->body.push_back(piece);
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

bool ResponseStream::takeRoom() {
  auto state = state_.lock();
  const bool room = state->refused && state->buffered <= readAhead_ / 2;
  if (room) {
    state->refused = false;
  }
  return room;
}

bool ResponseStream::finished() { return state_.lock()->finished; }

bool ResponseStream::waitUntil(bool (*ready)(const State&), const CancelToken& cancel) {
  if (cancel.isCancelled()) {
    return false;
  }
  if (ready(*state_.lock())) {
    return true;
  }
  // Declared before the lock, so that it goes after it: its mutex is taken before ours in cancel().
  const CancelToken::Hook hook(cancel, [this] {
    const auto state = state_.lock();
    changed_.notify_all();
  });
  auto state = state_.lock();
  changed_.wait(state.native(), [&] { return cancel.isCancelled() || ready(*state); });
  return !cancel.isCancelled();
}

}  // namespace kvsarchive::http
