// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace kvsarchive::archive {

/// Compares chunks with the sizes that ListFragments gave. A chunk whose Cluster has no size can
/// end early, and a damaged one can run on into the next, without any other trace. But AWS does not
/// say what it counts as a fragment's size, so another size is only a reason to ask again; what
/// comes out the same again was listed wrongly.
class SizeCheck {
 public:
  /// Fragments whose chunks came out the same again, after which sizes are not compared any more.
  static constexpr int kMaxWrong = 2;

  enum class Verdict { kFits, kShort, kLong };

  /// `listedBytes` 0 = not known. A longer chunk is doubtful only where some chunk fitted exactly.
  Verdict check(uint64_t listedBytes, uint64_t chunkBytes) {
    exact_ = exact_ || chunkBytes == listedBytes;
    if (listedBytes == 0 || chunkBytes == listedBytes || !trusted()) {
      return Verdict::kFits;
    }
    if (chunkBytes < listedBytes) {
      return Verdict::kShort;
    }
    return exact_ ? Verdict::kLong : Verdict::kFits;
  }

  /// A fragment's chunk came out the same again.
  void countWrong() { ++wrong_; }

  bool trusted() const { return wrong_ < kMaxWrong; }

 private:
  bool exact_ = false;
  int wrong_ = 0;
};

}  // namespace kvsarchive::archive
