// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/byte_queue.h"

#include <algorithm>
#include <cstring>

namespace kvsarchive::matroska {

void ByteQueue::append(Bytes bytes) {
  if (bytes.empty()) {
    return;
  }
  size_ += bytes.size();
  if (!pieces_.empty() && pieces_.back().adjoins(bytes)) {
    pieces_.back().grow(bytes.size());
  } else {
    pieces_.push_back(std::move(bytes));
  }
}

std::string_view ByteQueue::peek(size_t count) {
  count = std::min(count, size_);
  if (count == 0) {
    return {};
  }
  join(count);
  return pieces_.front().view().substr(0, count);
}

Bytes ByteQueue::take(size_t count) {
  if (count == 0) {
    return {};
  }
  join(count);
  Bytes taken = pieces_.front().sub(0, count);
  skip(count);
  return taken;
}

std::vector<Bytes> ByteQueue::takePieces(size_t count, size_t together) {
  join(std::min(count, together));
  std::vector<Bytes> taken;
  while (count > 0) {
    taken.push_back(pieces_.front().sub(0, std::min(count, pieces_.front().size())));
    count -= skip(taken.back().size());
  }
  return taken;
}

size_t ByteQueue::skip(size_t count) {
  const size_t skipped = std::min(count, size_);
  size_t left = skipped;
  while (left > 0) {
    Bytes& first = pieces_.front();
    if (first.size() > left) {
      first.removePrefix(left);
      break;
    }
    left -= first.size();
    pieces_.pop_front();
  }
  size_ -= skipped;
  removed_ += skipped;
  return skipped;
}

/// Makes the first `count` bytes lie in the first piece.
void ByteQueue::join(size_t count) {
  if (pieces_.front().size() >= count) {
    return;
  }
  auto slab = std::make_shared<Slab>(count);
  size_t filled = 0;
  while (filled < count) {
    Bytes& first = pieces_.front();
    const size_t part = std::min(first.size(), count - filled);
    std::memcpy(slab->data() + filled, first.data(), part);
    filled += part;
    if (part == first.size()) {
      pieces_.pop_front();
    } else {
      first.removePrefix(part);
    }
  }
  pieces_.push_front(Bytes(std::move(slab), 0, count));
}

}  // namespace kvsarchive::matroska
