// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

namespace kvsemulator {

/// Makes fragment numbers like the service's: 47 digits, rising with ingestion.
/// 2^156 | counter<<92 | server time<<28 | 28 random bits, as far as real
/// numbers show.
class NumberSequence {
 public:
  explicit NumberSequence(uint64_t seed) : seed_(seed) {}

  std::string next(int64_t serverMs);
  /// The producer connected anew: the counter jumps.
  void newSession() { counter_ += 1000; }
  uint64_t counter() const { return counter_; }
  /// Goes on behind fragments that were numbered before.
  void skipTo(uint64_t counter) { counter_ = counter; }

 private:
  uint64_t seed_;
  uint64_t counter_ = 0;
};

}  // namespace kvsemulator
