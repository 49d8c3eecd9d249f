// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/slab_writer.h"

#include <algorithm>
#include <cstring>

namespace kvsarchive::http {

Bytes SlabWriter::copy(std::string_view& data) {
  if (!slab_ || used_ == slab_->size()) {
    slab_ = slab_ ? pool_->take() : std::make_shared<Slab>(kFirstSize);
    used_ = 0;
  }
  const size_t size = std::min(data.size(), slab_->size() - used_);
  std::memcpy(slab_->data() + used_, data.data(), size);
  Bytes copied(slab_, used_, size);
  used_ += size;
  data.remove_prefix(size);
  return copied;
}

}  // namespace kvsarchive::http
