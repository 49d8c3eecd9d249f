// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/refreshing_provider.h"

#include <algorithm>
#include <utility>

#include "base/iso8601.h"
#include "base/log.h"

namespace kvsarchive::aws {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr milliseconds kRefreshAhead = minutes(15);
constexpr milliseconds kLeastLeft = minutes(1);
constexpr milliseconds kRetryPause = minutes(1);
constexpr milliseconds kExpiredServe = minutes(5);

milliseconds lifeOf(const Credentials& credentials, UnixTime since) {
  return std::max(*credentials.expires - since, milliseconds(0));
}

}  // namespace

RefreshingProvider::~RefreshingProvider() {
  stop_.cancel();
  std::thread thread = std::move(state_.lock()->thread);
  if (thread.joinable()) {
    thread.join();
  }
}

/// The current ones can be signed with.
bool RefreshingProvider::isGood(const State& state, UnixTime now) {
  if (!state.current || state.refused) {
    return false;
  }
  if (!state.current->expires) {
    return true;
  }
  const milliseconds life = lifeOf(*state.current, state.fetchedAt);
  return *state.current->expires - now > std::min(kLeastLeft, life / 20);
}

/// Others should be asked for.
bool RefreshingProvider::isDue(const State& state, UnixTime now) {
  if (!isGood(state, now)) {
    return true;
  }
  if (!state.current->expires) {
    return false;
  }
  const milliseconds ahead = std::min(kRefreshAhead, lifeOf(*state.current, state.fetchedAt) / 4);
  const bool paused = state.failure && now - state.failedAt < std::min(kRetryPause, ahead / 10);
  return *state.current->expires - now <= ahead && !paused;
}

Result<Credentials> RefreshingProvider::credentials(const CancelToken& cancel) {
  std::optional<uint64_t> waitedFor;
  for (;;) {
    const uint64_t count = bell_.count();
    {
      auto state = state_.lock();
      const UnixTime now = clock_.now();
      const bool good = isGood(*state, now);
      if (!good && waitedFor && state->fetches > *waitedFor) {
        return state->failure ? Result<Credentials>(*state->failure) : *state->current;
      }
      if (!state->running && isDue(*state, now)) {
        begin(*state);
      }
      if (good) {
        return *state->current;
      }
      // One that runs may have begun before the old ones were refused; it counts unless it brings
      // just these.
      waitedFor = waitedFor.value_or(state->fetches);
    }
    if (!bell_.wait(count, std::nullopt, cancel)) {
      return cancelledError();
    }
  }
}

void RefreshingProvider::invalidate(const Credentials& used) {
  source_->invalidate(used);
  auto state = state_.lock();
  if (state->current && *state->current == used) {
    state->refused = true;
    state->refusedMeanwhile = state->running;
  }
}

void RefreshingProvider::begin(State& state) {
  if (state.thread.joinable()) {
    state.thread.join();  // it is at its end
  }
  state.running = true;
  state.refusedMeanwhile = false;
  state.thread = std::thread(&RefreshingProvider::fetch, this);
}

/// Runs on the thread.
void RefreshingProvider::fetch() {
  auto fetched = source_->credentials(stop_);
  {
    auto state = state_.lock();
    const UnixTime now = clock_.now();
    const bool isStale = fetched && state->refusedMeanwhile && *fetched == *state->current;
    if (isStale) {
      // Asked for before they were refused, so that the source may have others by now.
    } else if (fetched) {
      log::write(log::Level::kDebug, log::Area::kAuth,
                 std::string("new credentials from ") + source_->name() +
                     (fetched->expires ? ", until " + formatIso8601(*fetched->expires) : ""));
      state->current = std::move(*fetched);
      if (state->current->expires && *state->current->expires <= now) {
        log::write(log::Level::kWarning, log::Area::kAuth,
                   "credentials have expired by this machine's clock, and are used all the same");
        state->current->expires = now + kExpiredServe;
      }
      state->fetchedAt = now;
      state->refused = false;
      state->failure.reset();
    } else {
      if (fetched.error().kind != ErrorKind::kCancelled) {
        log::write(log::Level::kWarning, log::Area::kAuth,
                   "no new credentials could be had: " + fetched.error().message);
      }
      state->failure = fetched.error();
      // Others are about requests to the stream. Not by kind: a certificate that is not trusted is
      // kOpenRead too.
      const Recovery recovery = fetched.error().recovery;
      const bool mayPass = recovery == Recovery::kRetry || recovery == Recovery::kThrottle;
      state->failure->recovery = mayPass ? Recovery::kRetry : Recovery::kNone;
      state->failedAt = now;
    }
    state->fetches += isStale ? 0 : 1;
    state->running = false;
  }
  bell_.ring();
}

}  // namespace kvsarchive::aws
