// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/media_fragment.h"

#include <algorithm>

namespace kvsemulator {

void interleave(std::vector<Frame>& frames) {
  std::stable_sort(frames.begin(), frames.end(),
                   [](const Frame& a, const Frame& b) { return a.orderNs < b.orderNs; });
}

}  // namespace kvsemulator
