// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "archive/fetch_limits.h"
#include "archive/fragment_clock.h"
#include "archive/fragment_lister.h"
#include "kvs/fragment.h"
#include "matroska/splicer.h"

namespace kvsarchive::archive {

/// What to do about a fragment that is not to be had, in whole or in part.
enum class OnMissingFragment { kSkip, kError };

/// What to read, and how.
struct ArchiveOptions {
  kvs::FragmentSelector selector;
  FragmentClock clock = FragmentClock::kProducer;
  bool leadIn = true;   ///< begin with the last key frame at or before selector.start
  bool trimEnd = true;  ///< end each track behind its last block at or before selector.end
  Duplicates duplicates = Duplicates::kNewest;
  OnMissingFragment onMissingFragment = OnMissingFragment::kSkip;
  bool seekable = true;  ///< the document has a duration, and cues to seek by
  FetchLimits limits;
  matroska::OnTrackChange onTrackChange = matroska::OnTrackChange::kError;
};

}  // namespace kvsarchive::archive
