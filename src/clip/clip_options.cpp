// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/clip_options.h"

#include "base/iso8601.h"
#include "clip/clip_limits.h"

namespace kvsarchive::clip {

Status checkClipOptions(const ClipOptions& options, UnixTime now) {
  const kvs::FragmentSelector& range = options.selector;
  if (range.end <= range.start) {
    return makeError(ErrorKind::kSettings, "end-timestamp " + formatIso8601(range.end) +
                                               " is not after start-timestamp " +
                                               formatIso8601(range.start));
  }
  if (range.type == kvs::SelectorType::kServerTimestamp && range.end > now) {
    return makeError(ErrorKind::kSettings,
                     "end-timestamp " + formatIso8601(range.end) +
                         " is in the future: by server timestamps, a clip has to end in the past");
  }
  const bool isSplit = options.longClips == LongClips::kSplit;
  if (!isSplit && range.end - range.start > kMaxClipSpan) {
    return makeError(ErrorKind::kSettings,
                     "from start-timestamp to end-timestamp are more than 24 hours, and a clip has "
                     "no more: set long-clips=split, or use kvsarchivesrc");
  }
  if (!options.checkComplete && options.longClips != LongClips::kTruncate) {
    return makeError(ErrorKind::kSettings,
                     std::string("long-clips=") + (isSplit ? "split" : "error") +
                         " has to know which fragments there are: set check-complete=true");
  }
  return {};
}

}  // namespace kvsarchive::clip
