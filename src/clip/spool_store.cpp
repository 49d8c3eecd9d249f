// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/spool_store.h"

#include <iterator>
#include <memory>
#include <utility>

namespace kvsarchive::clip {

Status SpoolStore::append(Bytes bytes) {
  const uint64_t room = memoryLimit_ - inMemory();
  const size_t kept = static_cast<size_t>(std::min<uint64_t>(room, bytes.size()));
  if (kept > 0) {
    keep(bytes.sub(0, kept));
    bytes.removePrefix(kept);
  }
  if (bytes.empty()) {
    return {};
  }
  Status written = file_.write(size_ - memoryLimit_, bytes.view());
  if (written) {
    size_ += bytes.size();
  }
  return written;
}

void SpoolStore::keep(Bytes bytes) {
  const size_t size = bytes.size();
  if (!pieces_.empty() && pieces_.back().bytes.adjoins(bytes)) {
    pieces_.back().bytes.grow(size);
  } else {
    pieces_.push_back({size_, std::move(bytes)});
  }
  size_ += size;
}

void SpoolStore::truncate(uint64_t size) {
  size_ = std::min(size_, size);
  while (!pieces_.empty() && pieces_.back().offset >= size_) {
    pieces_.pop_back();
  }
  if (!pieces_.empty()) {
    Piece& last = pieces_.back();
    const uint64_t left = std::min<uint64_t>(last.bytes.size(), size_ - last.offset);
    last.bytes = last.bytes.sub(0, static_cast<size_t>(left));
  }
}

Result<Bytes> SpoolStore::read(uint64_t offset, size_t size) const {
  const auto isBehind = [](uint64_t place, const Piece& piece) { return place < piece.offset; };
  auto piece = std::upper_bound(pieces_.begin(), pieces_.end(), offset, isBehind);
  if (piece != pieces_.begin()) {
    --piece;
    const uint64_t skip = offset - piece->offset;
    if (skip + size <= piece->bytes.size()) {
      return piece->bytes.sub(static_cast<size_t>(skip), size);
    }
  }
  auto slab = std::make_shared<Slab>(size);
  uint8_t* end = slab->data();
  const uint64_t stop = offset + size;
  for (; offset < stop && offset < inMemory(); ++piece) {
    const uint64_t skip = offset - piece->offset;
    const uint64_t count = std::min(piece->bytes.size() - skip, stop - offset);
    end = std::copy_n(piece->bytes.data() + skip, count, end);
    offset += count;
  }
  if (offset < stop) {
    const Status done = file_.read(offset - memoryLimit_, end, static_cast<size_t>(stop - offset));
    if (!done) {
      return done.error();
    }
  }
  return Bytes(std::move(slab), 0, size);
}

}  // namespace kvsarchive::clip
