// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "support/emulator_process.h"
#include "support/player.h"

namespace kvsarchive::test {

struct ExpectOptions {
  bool serverTimeline = false;
  /// If the manifest is only a part of what is stored: all of it, since tracks of which nothing is
  /// played count too in the names of pads.
  const Manifest* stored = nullptr;
};

/// Checks that what was played is what is stored: every frame once, in order, with its bytes, its
/// presentation time and its wall clock, on one segment; every fragment told before its frames.
void expectPlayed(const Manifest& manifest, const Played& played,
                  const ExpectOptions& options = {});

}  // namespace kvsarchive::test
