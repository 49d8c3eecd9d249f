// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "base/unix_time.h"
#include "clip/clip_verdict.h"
#include "clip/spool.h"
#include "kvs/retry_counts.h"
#include "kvs/stream_pace.h"

namespace kvsarchive::clip {

/// How a run gets on, and how it went. All clips of it together.
struct ClipStats {
  uint64_t clips = 0;             ///< received to their end
  uint64_t receivedBytes = 0;     ///< what was received twice, too
  uint64_t clipBytes = 0;         ///< of the clips that were received to their end
  uint64_t listedFragments = 0;   ///< as far as they had to be listed
  uint64_t leftOutFragments = 0;  ///< of later ingestions
  Completeness completeness = Completeness::kUnknown;
  std::optional<UnixTime> endsAt;  ///< as in Verdict
  std::optional<UnixTime> restAt;
  Spool::Use spool;
  kvs::RetryCounts retries;
  kvs::StreamPace::State pace;
};

}  // namespace kvsarchive::clip
