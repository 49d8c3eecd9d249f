// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "archive/stream.h"
#include "session/session_options.h"

namespace kvsemulator {

/// The fragments that a session has shown so far, in the order in which they
/// are played. It only grows: what players have seen keeps its place.
class SessionTimeline {
 public:
  struct Item {
    Stream::Entry entry;
    size_t place = 0;      ///< in the stream
    int64_t sequence = 0;  ///< from 1
    int64_t startMs = 0;   ///< in the session's media time
    int64_t lengthMs = 0;
    bool discontinuity = false;  ///< players shall reset their timeline before it
  };

  SessionTimeline(const Stream& stream, const SessionOptions& options, int64_t createdMs)
      : stream_(stream), options_(options), createdMs_(createdMs) {}

  /// Takes in what has become visible.
  void update(int64_t nowMs);

  const std::vector<Item>& items() const { return items_; }
  /// Index of the first item that manifests list now; they end with the last.
  size_t windowBegin() const;
  /// Nothing will be added any more.
  bool ended() const { return ended_; }
  int64_t longestMs() const;
  /// Media time of what was there at once.
  int64_t leadMs() const { return leadMs_; }

 private:
  std::vector<size_t> candidates(int64_t nowMs) const;
  /// Leaves those of the candidates that LIVE_REPLAY has come to.
  void keepReleased(std::vector<size_t>& places, int64_t nowMs);
  void append(size_t place);

  const Stream& stream_;
  const SessionOptions& options_;
  const int64_t createdMs_;
  std::vector<Item> items_;
  int64_t leadMs_ = 0;
  bool ended_ = false;
};

}  // namespace kvsemulator
