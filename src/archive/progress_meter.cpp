// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/progress_meter.h"

#include <algorithm>

namespace kvsarchive::archive {

using std::chrono::duration;
using std::chrono::milliseconds;

bool ProgressMeter::sampleDue(TimePoint now) {
  if (now < nextSample_) {
    return false;
  }
  nextSample_ = now + kSample;
  return true;
}

bool ProgressMeter::reportDue(TimePoint now) {
  const bool isFirst = nextReport_ == TimePoint();
  if (!isFirst && now < nextReport_) {
    return false;
  }
  nextReport_ = now + kReport;
  return !isFirst;
}

void ProgressMeter::sample(TimePoint now, uint64_t bytes, uint64_t held,
                           std::optional<UnixTime> position) {
  const double seconds = duration<double>(now - rateSince_).count();
  if (rateSince_ == TimePoint()) {
    rateSince_ = now;
  } else if (seconds >= 1) {
    bytesPerSecond_ = static_cast<uint64_t>(static_cast<double>(bytes - rateBytes_) / seconds);
    rateSince_ = now;
    rateBytes_ = bytes;
  }
  if (!position) {
    return;
  }
  const uint64_t passed = bytes - std::min(bytes, held);
  if (!begunAt_) {
    begunAt_ = now;
    begin_ = *position;
    passedBefore_ = passed;
  }
  passed_ = passed - std::min(passed, passedBefore_);
  held_ = held;
  latestAt_ = now;
  latest_ = std::max(latest_, *position);
}

void ProgressMeter::jump() {
  begunAt_.reset();
  latest_ = UnixTime();
}

std::optional<milliseconds> ProgressMeter::remaining(UnixTime end) const {
  if (!begunAt_ || latest_ <= begin_ || latestAt_ <= *begunAt_) {
    return std::nullopt;
  }
  const double took = duration<double, std::milli>(latestAt_ - *begunAt_).count();
  const double handedOn = duration<double, std::milli>(latest_ - begin_).count();
  const double ahead = passed_ > 0 ? static_cast<double>(held_) / static_cast<double>(passed_) : 0;
  const double done = handedOn * (1 + ahead);
  const double left = duration<double, std::milli>(end - begin_).count() - done;
  return milliseconds(static_cast<int64_t>(std::max(0.0, left * took / done)));
}

}  // namespace kvsarchive::archive
