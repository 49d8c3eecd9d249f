// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kvs/fragment.h"

namespace kvsarchive::clip {

enum class Completeness { kUnknown, kComplete, kIncomplete };

/// What ListFragments knows of a clip's range, by the time of its selector.
struct ListedRange {
  kvs::SelectorType type = kvs::SelectorType::kProducerTimestamp;
  std::vector<kvs::Fragment> fragments;  ///< sorted by time and number
  bool all = false;                      ///< else there are more behind them
};

/// A clip as it came.
struct ReceivedClip {
  uint64_t bytes = 0;
  std::optional<std::chrono::milliseconds> duration;  ///< as the file says
  bool hasLength = false;                             ///< the service has said how long it is
};

/// Whether a clip has all that is listed.
struct Verdict {
  Completeness completeness = Completeness::kUnknown;
  uint64_t leftOut = 0;            ///< fragments of a later ingestion, of the same time
  std::optional<UnixTime> endsAt;  ///< start of the last fragment that it has, if it ends early
  std::optional<UnixTime> restAt;  ///< start of the first one behind it
  std::string text;                ///< what is missing, or may be; else empty
};

/// The fragments that the service makes a clip of, sorted. By producer timestamps these are the
/// oldest ingestion's: from the first ingested one on, until one begins earlier than the one
/// before; of several with one time only the first. The others are counted in `leftOut`.
std::vector<kvs::Fragment> oldestIngestion(const ListedRange& listed, uint64_t* leftOut);

/// Whether two fragments that follow each other by the producer's clock are of its same time, by
/// more than listed times and lengths are off: they are of several recordings then.
bool overlap(const kvs::Fragment& first, const kvs::Fragment& second);

/// Whether the range holds more than a clip can have, whatever comes; what, or empty.
std::string tooLongForClip(const ListedRange& listed);

Verdict judge(const ListedRange& listed, const ReceivedClip& clip);

}  // namespace kvsarchive::clip
