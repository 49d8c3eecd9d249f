// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <thread>

#include "aws/credentials_provider.h"
#include "base/bell.h"
#include "base/clock.h"
#include "base/guarded.h"

namespace kvsarchive::aws {

/// Keeps what a source has given, and asks it again ahead of the expiry, on a thread of its own,
/// one at a time, while the old ones still serve. So nobody waits for credentials but at the
/// beginning, and when the old ones are no good any more. Any thread.
///
/// The source is asked again when the last quarter of their life has begun, but not earlier than
/// 15 minutes before its end; if that fails, once a minute or ten times in that quarter. Of
/// credentials that expire within a minute, or a twentieth of their life, new ones are waited for.
/// What has expired when it comes serves for 5 minutes, since the machine's clock may be wrong.
class RefreshingProvider : public CredentialsProvider {
 public:
  RefreshingProvider(std::unique_ptr<CredentialsProvider> source, const Clock& clock)
      : source_(std::move(source)), clock_(clock) {}
  ~RefreshingProvider() override;

  const char* name() const override { return source_->name(); }

  /// Blocks: at first, when they have expired, and after invalidate().
  /// Errors: the source's, unless old ones are still good; kRetry where time may help.
  Result<Credentials> credentials(const CancelToken& cancel) override;

  void invalidate(const Credentials& used) override;

 private:
  struct State {
    std::optional<Credentials> current;
    UnixTime fetchedAt{};
    bool refused = false;           ///< the service said that `current` has expired
    bool refusedMeanwhile = false;  ///< and that since the thread asked
    bool running = false;           ///< the thread asks the source
    uint64_t fetches = 0;           ///< that are over, and count
    std::optional<Error> failure;   ///< of the last one
    UnixTime failedAt{};
    std::thread thread;
  };

  static bool isGood(const State& state, UnixTime now);
  static bool isDue(const State& state, UnixTime now);
  void begin(State& state);
  void fetch();

  const std::unique_ptr<CredentialsProvider> source_;
  const Clock& clock_;
  CancelToken stop_;
  Bell bell_;
  Guarded<State> state_;
};

}  // namespace kvsarchive::aws
