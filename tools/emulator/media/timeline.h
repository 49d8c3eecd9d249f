// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "media/generated_options.h"

namespace kvsemulator {

/// Where one generated fragment stands.
struct FragmentPlan {
  int64_t producerMs = 0;
  int64_t serverMs = 0;
  int64_t timecodeMs = 0;  ///< since the session's start, as the restart options want it
  int session = 0;
  bool discont = false;
  int width = 0;
  int height = 0;
};

int framesPerFragment(const GeneratedOptions& options);
/// Length of each fragment in media time.
int64_t fragmentNs(const GeneratedOptions& options);
std::vector<FragmentPlan> planTimeline(const GeneratedOptions& options);

/// Server time of a fragment: the network takes 0 to 30 ms beside the clocks'
/// offset.
int64_t serverTimeMs(int64_t producerMs, int64_t offsetMs, int index);

}  // namespace kvsemulator
