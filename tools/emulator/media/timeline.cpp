// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/timeline.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace kvsemulator {
namespace {

int64_t toMs(double seconds) { return std::llround(seconds * 1000); }

}  // namespace

int framesPerFragment(const GeneratedOptions& options) {
  return std::max(1, static_cast<int>(std::lround(options.fragmentSeconds * options.fps)));
}

int64_t fragmentNs(const GeneratedOptions& options) {
  return int64_t{1'000'000'000} * framesPerFragment(options) / options.fps;
}

int64_t serverTimeMs(int64_t producerMs, int64_t offsetMs, int index) {
  return producerMs + offsetMs + static_cast<int64_t>(mix(static_cast<uint64_t>(index)) % 30);
}

std::vector<FragmentPlan> planTimeline(const GeneratedOptions& options) {
  std::vector<FragmentPlan> plans;
  FragmentPlan plan;
  plan.width = options.width;
  plan.height = options.height;
  int64_t producerNs = options.startMs * 1'000'000;
  int64_t clockStepMs = 0;  // of the producer's clock, which the server's does not follow
  int64_t timecodeOffsetMs = -options.startMs;
  for (int i = 1; i <= options.fragments; ++i) {
    for (const ResizeOptions& resize : options.resizes) {
      if (resize.atFragment == i) {
        plan.width = resize.width;
        plan.height = resize.height;
      }
    }
    plan.producerMs = producerNs / 1'000'000;
    plan.serverMs = serverTimeMs(plan.producerMs - clockStepMs, options.serverOffsetMs, i);
    plan.timecodeMs = plan.producerMs + timecodeOffsetMs;
    plans.push_back(plan);
    plan.discont = false;
    producerNs += fragmentNs(options);
    for (const GapOptions& gap : options.gaps) {
      if (gap.afterFragment == i) {
        producerNs += toMs(gap.seconds) * 1'000'000;
        plan.discont = true;
      }
    }
    for (const RestartOptions& restart : options.restarts) {
      if (restart.afterFragment != i) {
        continue;
      }
      producerNs += toMs(restart.pauseSeconds + restart.clockStepSeconds) * 1'000'000;
      clockStepMs += toMs(restart.clockStepSeconds);
      plan.discont = true;
      ++plan.session;
      int64_t first = 0;
      if (restart.timecodes == RestartTimecodes::kEqual) {
        first = plan.timecodeMs;
      } else if (restart.timecodes == RestartTimecodes::kFalling) {
        first = plan.timecodeMs / 2;
      }
      timecodeOffsetMs = first - producerNs / 1'000'000;
    }
  }
  return plans;
}

}  // namespace kvsemulator
