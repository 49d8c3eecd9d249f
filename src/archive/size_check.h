// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace kvsarchive::archive {

/// Compares chunks with the sizes that ListFragments gave. A chunk whose Cluster has no size can
/// end early without any other trace. What the service counts as a fragment's size is not
/// documented, so a shorter chunk proves nothing until one was seen that fits exactly.
class SizeCheck {
 public:
  enum class Verdict { kFits, kShort, kLong };

  Verdict check(uint64_t listedBytes, uint64_t chunkBytes) {
    exact_ = exact_ || chunkBytes == listedBytes;
    if (chunkBytes < listedBytes) {
      return trusted_ || exact_ ? Verdict::kShort : Verdict::kFits;
    }
    return chunkBytes > listedBytes && exact_ ? Verdict::kLong : Verdict::kFits;
  }

  /// Whether listed sizes are those of chunks.
  bool exact() const { return exact_; }
  /// A chunk stayed shorter than listed however often it was asked for.
  void distrust() { trusted_ = false; }

 private:
  bool exact_ = false;
  bool trusted_ = true;
};

}  // namespace kvsarchive::archive
