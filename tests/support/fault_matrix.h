// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "support/emulator_process.h"
#include "support/player.h"

namespace kvsarchive::test {

/// How a run with a fault came out, beside one without.
enum class Outcome {
  kIdentical,  ///< every byte, time and event the same, and nobody was told anything
  kDamaged,    ///< the same but for bytes inside one fragment's frames, which no client can tell
  kSkip,       ///< fragments are missing or cut short, each with a WARNING; all else is right
  kError,      ///< one ERROR; all that came before it is right
  kSilent,     ///< something is wrong that nobody was told: never allowed
};

struct Verdict {
  Outcome outcome = Outcome::kSilent;
  std::string why;  ///< what is wrong, with kSilent; the warning or the error else
};

/// What one recording has to become, and a judge of what it became. Recordings whose fragments
/// follow each other in time, without overlaps, are meant.
class FaultJudge {
 public:
  /// `reference`: of playDocument() without any fault.
  FaultJudge(Manifest manifest, Played reference);

  /// Checks the reference itself against the manifest; "" or what is wrong.
  std::string checkReference() const;

  /// Judges what playDocument() told. `damaged`: number of the fragment in whose frames bytes may
  /// differ.
  Verdict judge(const Played& run, const std::string& damaged = "") const;

  const Manifest& manifest() const { return manifest_; }

 private:
  Manifest manifest_;
  Played reference_;
};

}  // namespace kvsarchive::test
