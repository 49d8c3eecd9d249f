// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/unix_time.h"

namespace kvsarchive::archive {

/// Says how fast a run is, and how long it still takes. One thread.
class ProgressMeter {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds kSample{100};
  static constexpr std::chrono::seconds kReport{1};

  /// Whether the figures are due to be taken; true at most every kSample.
  bool sampleDue(TimePoint now);
  /// Whether a report is due; true at most every kReport, and not at once.
  bool reportDue(TimePoint now);
  /// When the next of them is.
  TimePoint nextDue() const { return std::min(nextSample_, nextReport_); }

  /// Takes the figures: bytes received so far, those of them that wait to be handed on, and how far
  /// the media that was handed on has come.
  void sample(TimePoint now, uint64_t bytes, uint64_t held, std::optional<UnixTime> position);

  /// The media goes on at another place.
  void jump();

  uint64_t bytesPerSecond() const { return bytesPerSecond_; }
  /// Until media up to `end` is received, at the speed so far. What waits counts as received: its
  /// length in time is guessed from its bytes.
  std::optional<std::chrono::milliseconds> remaining(UnixTime end) const;

 private:
  TimePoint nextSample_{};
  TimePoint nextReport_{};
  TimePoint rateSince_{};
  uint64_t rateBytes_ = 0;
  uint64_t bytesPerSecond_ = 0;
  std::optional<TimePoint> begunAt_;
  UnixTime begin_{};
  TimePoint latestAt_{};
  UnixTime latest_{};
  uint64_t passedBefore_ = 0;  ///< bytes handed on before begunAt_
  uint64_t passed_ = 0;        ///< and since
  uint64_t held_ = 0;
};

}  // namespace kvsarchive::archive
