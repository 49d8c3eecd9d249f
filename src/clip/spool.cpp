// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/spool.h"

#include <algorithm>
#include <string>
#include <utility>

namespace kvsarchive::clip {
namespace {

Error otherClip(const std::string& what) {
  return makeError(ErrorKind::kIncomplete,
                   "the download broke off, and the clip that came next is another one: " + what);
}

}  // namespace

/// Takes off `bytes` what is in the store, if it is the same there.
Status Spool::compare(State& state, Bytes& bytes) {
  const uint64_t left = state.store->size() - state.compared;
  const size_t count = static_cast<size_t>(std::min<uint64_t>(left, bytes.size()));
  const auto known = state.store->read(state.compared, count);
  if (!known) {
    return known.error();
  }
  const std::string_view fresh = bytes.view().substr(0, count);
  if (fresh != known->view()) {
    const auto other = std::mismatch(fresh.begin(), fresh.end(), known->view().begin()).first;
    const auto place = state.compared + static_cast<uint64_t>(other - fresh.begin());
    return otherClip("it differs at byte " + std::to_string(place) + ", of " +
                     std::to_string(state.given) + " that were handed on");
  }
  state.compared += count;
  bytes.removePrefix(count);
  return {};
}

Status Spool::append(Bytes bytes) {
  Status done;
  {
    auto state = state_.lock();
    if (state->compared < state->store->size()) {
      done = compare(*state, bytes);
    }
    if (done && !bytes.empty()) {
      const size_t size = bytes.size();
      done = state->store->append(std::move(bytes));
      state->compared += size;
    }
  }
  bell_.ring();
  return done;
}

void Spool::restart() {
  auto state = state_.lock();
  state->store->truncate(state->given);
  state->compared = 0;
  if (!state->sizeGiven) {
    state->size.reset();
  }
}

Status Spool::announce(uint64_t size) {
  {
    auto state = state_.lock();
    if (state->size && state->sizeGiven && *state->size != size) {
      return otherClip("it has " + std::to_string(size) + " bytes in place of " +
                       std::to_string(*state->size));
    }
    state->size = size;
  }
  bell_.ring();
  return {};
}

Status Spool::finish() {
  uint64_t size = 0;
  {
    auto state = state_.lock();
    size = state->compared;
    if (size < state->store->size()) {
      return otherClip("it has only " + std::to_string(size) + " bytes, of which " +
                       std::to_string(state->given) + " were handed on");
    }
  }
  Status announced = announce(size);
  if (announced) {
    state_.lock()->finished = true;
    bell_.ring();
  }
  return announced;
}

void Spool::fail(Error error) {
  state_.lock()->error = std::move(error);
  bell_.ring();
}

/// Waits until `look` finds something in the state.
template <typename T, typename Look>
Result<T> Spool::wait(const CancelToken& cancel, const Look& look) {
  for (;;) {
    const uint64_t count = bell_.count();
    if (cancel.isCancelled()) {
      return cancelledError();
    }
    {
      auto state = state_.lock();
      if (std::optional<Result<T>> found = look(*state)) {
        return std::move(*found);
      }
      if (state->error) {
        return *state->error;
      }
    }
    if (!bell_.wait(count, std::nullopt, cancel)) {
      return cancelledError();
    }
  }
}

Result<Bytes> Spool::read(uint64_t offset, size_t least, size_t most, const CancelToken& cancel) {
  using Found = std::optional<Result<Bytes>>;
  return wait<Bytes>(cancel, [&](State& state) -> Found {
    const uint64_t there = state.store->size();
    const uint64_t left = there - std::min(there, offset);
    const bool isEnd = state.size && offset + least >= *state.size;
    if ((left < least || isEnd) && !state.finished) {
      return std::nullopt;
    }
    const size_t count = static_cast<size_t>(std::min<uint64_t>(left, most));
    if (count == 0) {
      return Found(Bytes());
    }
    state.given = std::max(state.given, offset + count);
    return Found(state.store->read(offset, count));
  });
}

Result<uint64_t> Spool::size(const CancelToken& cancel) {
  using Found = std::optional<Result<uint64_t>>;
  return wait<uint64_t>(cancel, [](State& state) -> Found {
    state.sizeGiven = state.sizeGiven || state.size.has_value();
    return state.size ? Found(*state.size) : std::nullopt;
  });
}

std::optional<uint64_t> Spool::knownSize() {
  auto state = state_.lock();
  state->sizeGiven = state->sizeGiven || state->size.has_value();
  return state->size;
}

Spool::Use Spool::use() {
  auto state = state_.lock();
  return {state->store->inMemory(), state->store->inFile()};
}

}  // namespace kvsarchive::clip
