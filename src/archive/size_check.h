// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace kvsarchive::archive {

/// Compares chunks with the sizes that ListFragments gave. A chunk whose Cluster has no size can
/// end early, and a damaged one can run on into the next, without any other trace. But AWS does not
/// say what it counts as a fragment's size, so another size is only a reason to ask again.
class SizeCheck {
 public:
  enum class Verdict { kFits, kShort, kLong };

  /// `listedBytes` 0 = not known. A longer chunk is doubtful only where some chunk fitted exactly.
  Verdict check(uint64_t listedBytes, uint64_t chunkBytes) {
    const bool isExact = chunkBytes == listedBytes;
    fitted_ += isExact ? 1 : 0;
    if (listedBytes == 0 || isExact || !trusted()) {
      return Verdict::kFits;
    }
    if (chunkBytes < listedBytes) {
      return Verdict::kShort;
    }
    return anyFitted() ? Verdict::kLong : Verdict::kFits;
  }

  /// A fragment's chunk came out the same again.
  void countWrong() { ++wrong_; }

  bool anyFitted() const { return fitted_ > 0; }

 private:
  /// Fragments with wrong sizes that say nothing yet of the others.
  static constexpr uint64_t kFewWrong = 2;

  bool trusted() const { return wrong_ < kFewWrong || wrong_ <= fitted_; }

  uint64_t fitted_ = 0;
  uint64_t wrong_ = 0;
};

}  // namespace kvsarchive::archive
