// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/stream.h"

namespace kvsemulator {

void Stream::add(std::unique_ptr<Recording> recording, bool live) {
  for (size_t i = 0; i < recording->fragments().size(); ++i) {
    if (byNumber_.emplace(recording->fragments()[i].number, entries_.size()).second) {
      entries_.push_back({recording.get(), i, live});
    }
  }
  recordings_.push_back(std::move(recording));
}

const Stream::Entry* Stream::find(const std::string& fragmentNumber) const {
  const auto found = byNumber_.find(fragmentNumber);
  return found == byNumber_.end() ? nullptr : &entries_[found->second];
}

bool Stream::holds(const Entry& entry, int64_t nowMs) const {
  const FragmentInfo& info = entry.info();
  return info.serverMs >= retentionStartMs(nowMs) &&
         (!entry.live || nowMs >= info.serverMs + info.lengthMs);
}

}  // namespace kvsemulator
