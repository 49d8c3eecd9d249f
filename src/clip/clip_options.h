// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include "base/result.h"
#include "base/unix_time.h"
#include "kvs/fragment.h"

namespace kvsarchive::clip {

/// What to do about a range that holds more than one clip can.
enum class LongClips {
  kTruncate,  ///< hand on its beginning, and warn
  kError,     ///< fail
  kSplit,     ///< hand on several clips, one after the other
};

/// What to read, and how.
struct ClipOptions {
  kvs::FragmentSelector selector;
  bool checkComplete = true;  ///< compare with the list of fragments
  LongClips longClips = LongClips::kTruncate;
  uint64_t spoolMemory = uint64_t{32} << 20;  ///< bytes in memory; what is more goes to a file
};

/// Checks that the service would take it, at that time. Errors: kSettings.
Status checkClipOptions(const ClipOptions& options, UnixTime now);

}  // namespace kvsarchive::clip
