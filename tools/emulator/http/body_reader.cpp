// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/body_reader.h"

#include <algorithm>

namespace kvsemulator {

BodyReader::BodyReader(Reply reply) : parts_(std::move(reply.parts)) {
  if (!reply.body.empty()) {
    parts_.push_back(
        {"", 0, [body = Bytes::take(std::move(reply.body))] { return std::vector<Bytes>{body}; }});
  }
}

Bytes BodyReader::next(size_t limit) {
  refill();
  if (pending_.empty()) {
    return {};
  }
  Bytes& front = pending_.front();
  const size_t size = std::min(limit, front.size());
  Bytes piece = front.slice(0, size);
  offset_ += size;
  if (size == front.size()) {
    pending_.pop_front();
  } else {
    front = front.slice(size, front.size() - size);
  }
  return piece;
}

std::optional<uint64_t> BodyReader::bytesUntil(const BodyPosition& position) {
  refill();
  if (position.part && *position.part >= starts_.size()) {
    return std::nullopt;
  }
  const uint64_t place = (position.part ? starts_[*position.part] : 0) + position.bytes;
  return place > offset_ ? place - offset_ : 0;
}

bool BodyReader::atEnd() {
  refill();
  return pending_.empty();
}

void BodyReader::refill() {
  while (pending_.empty() && starts_.size() < parts_.size()) {
    starts_.push_back(offset_);
    for (Bytes& piece : parts_[starts_.size() - 1].make()) {
      if (!piece.empty()) {
        pending_.push_back(std::move(piece));
      }
    }
  }
}

}  // namespace kvsemulator
