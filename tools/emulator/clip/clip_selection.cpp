// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/clip_selection.h"

namespace kvsemulator {

std::vector<Stream::Entry> selectClip(const Stream& stream, const ListingQuery& query,
                                      int64_t nowMs) {
  const ClipOptions& limits = stream.options().clips;
  std::vector<Stream::Entry> clip;
  uint64_t bytes = 0;
  for (const Stream::Entry& entry : stream.entries()) {
    const FragmentInfo& info = entry.info();
    if (!query.matches(info) || !stream.holds(entry, nowMs)) {
      continue;
    }
    if (!clip.empty() && !query.byServerTime) {
      const int64_t lastMs = clip.back().info().producerMs;
      if (info.producerMs == lastMs) {
        continue;
      }
      if (info.producerMs < lastMs) {
        break;  // here begins a later collection
      }
    }
    bytes += info.sizeBytes;
    if (!clip.empty() && (static_cast<int64_t>(clip.size()) == limits.maxFragments ||
                          bytes > static_cast<uint64_t>(limits.maxBytes))) {
      break;
    }
    clip.push_back(entry);
  }
  return clip;
}

}  // namespace kvsemulator
