// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "clip/temp_file.h"

namespace kvsarchive::clip {

/// Bytes of one file, in memory up to a limit, the rest in a temporary file. One thread at a time.
class SpoolStore {
 public:
  explicit SpoolStore(uint64_t memoryLimit) : memoryLimit_(memoryLimit) {}

  /// Adds bytes to the end. In memory they are kept as they are, without a copy. Errors: kStorage.
  Status append(Bytes bytes);
  /// Forgets what comes behind the first `size` bytes.
  void truncate(uint64_t size);

  uint64_t size() const { return size_; }
  uint64_t inMemory() const { return std::min(size_, memoryLimit_); }
  uint64_t inFile() const { return size_ - inMemory(); }

  /// Bytes that are there, as many as asked for; a view where they lie in one piece. They are not
  /// to be changed. Errors: kStorage.
  Result<Bytes> read(uint64_t offset, size_t size) const;

 private:
  struct Piece {
    uint64_t offset = 0;
    Bytes bytes;
  };

  void keep(Bytes bytes);

  const uint64_t memoryLimit_;
  std::vector<Piece> pieces_;  ///< the first memoryLimit_ bytes
  TempFile file_;              ///< what comes behind them
  uint64_t size_ = 0;
};

}  // namespace kvsarchive::clip
