// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/slab_writer.h"

#include <algorithm>
#include <cstring>

namespace kvsarchive::http {

size_t SlabWriter::copy(std::string_view& data) {
  if (!slab_ || isFull()) {
    slab_ = slab_ ? pool_->take() : std::make_shared<Slab>(kFirstSize);
    used_ = 0;
  }
  const size_t size = std::min(data.size(), slab_->size() - used_);
  std::memcpy(slab_->data() + used_, data.data(), size);
  used_ += size;
  data.remove_prefix(size);
  return size;
}

bool SlabWriter::extend(Bytes* before, size_t size) const {
  if (before->slab() != slab_ || before->offset() + before->size() != used_ - size) {
    return false;
  }
  before->grow(size);
  return true;
}

}  // namespace kvsarchive::http
