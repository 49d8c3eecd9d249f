// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace kvsarchive::matroska {

/// Received bytes waiting to be parsed, as the slabs they came in.
class ByteQueue {
 public:
  void append(Bytes bytes);

  size_t size() const { return size_; }
  /// Up to `count` first bytes in one piece, fewer if there are fewer. Valid until the next call.
  std::string_view peek(size_t count);
  /// Removes the first `count` bytes: a view if they lie in one slab, else a copy. Needs size() >=
  /// count.
  Bytes take(size_t count);
  /// Removes the first `count` bytes as views of the slabs they lie in. The first view has
  /// `together` of them at least, if need be as a copy. Needs size() >= count.
  std::vector<Bytes> takePieces(size_t count, size_t together);
  /// Removes up to `count` first bytes and says how many.
  size_t skip(size_t count);
  /// Bytes removed since the queue was made.
  uint64_t removed() const { return removed_; }

 private:
  void join(size_t count);

  std::deque<Bytes> pieces_;
  size_t size_ = 0;
  uint64_t removed_ = 0;
};

}  // namespace kvsarchive::matroska
