// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "kvs/fragment.h"

namespace kvsarchive::archive {

/// Which of a fragment's two timestamps says when it was; sets order and presentation times.
enum class FragmentClock { kProducer, kServer };

inline UnixTime timeOf(const kvs::Fragment& fragment, FragmentClock clock) {
  return clock == FragmentClock::kProducer ? fragment.producerTimestamp : fragment.serverTimestamp;
}

/// Whether order and range go by the same clock.
inline bool isSameClock(FragmentClock clock, kvs::SelectorType type) {
  return (clock == FragmentClock::kProducer) == (type == kvs::SelectorType::kProducerTimestamp);
}

}  // namespace kvsarchive::archive
