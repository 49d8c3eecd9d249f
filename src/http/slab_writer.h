// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "base/slab_pool.h"

namespace kvsarchive::http {

/// Copies what one answer brings into slabs, one after the other. The first one is small, so that a
/// short JSON answer does not cost a megabyte. One thread.
class SlabWriter {
 public:
  static constexpr size_t kFirstSize = size_t{64} << 10;

  explicit SlabWriter(std::shared_ptr<SlabPool> pool) : pool_(std::move(pool)) {}

  /// Copies as much of `data` as the current slab has room for, and takes that off `data`. Returns
  /// how many bytes.
  size_t copy(std::string_view& data);

  bool isFull() const { return slab_ && used_ == slab_->size(); }

  /// A view of the last `size` bytes, which copy() has brought since it began the slab.
  Bytes last(size_t size) const { return {slab_, used_ - size, size}; }
  /// Makes a view of what came right before them one of those bytes too; false if it is none.
  bool extend(Bytes* before, size_t size) const;

 private:
  std::shared_ptr<SlabPool> pool_;
  std::shared_ptr<Slab> slab_;
  size_t used_ = 0;
};

}  // namespace kvsarchive::http
