// SPDX-License-Identifier: LGPL-2.1-or-later
#include "faults/body_edit.h"

#include <algorithm>
#include <limits>

#include "base/random.h"

namespace kvsemulator {
namespace {

void setBytes(BodyPart& part, std::string text) {
  part.make = [bytes = Bytes::take(std::move(text))] { return std::vector<Bytes>{bytes}; };
}

void overwrite(std::string& text, uint64_t from, uint64_t length, uint64_t seed) {
  const uint64_t end = from + std::min<uint64_t>(length, text.size() - from);
  for (uint64_t i = from; i < end; ++i) {
    const auto random = static_cast<char>(mix(seed ^ mix(i)));
    text[i] = random == text[i] ? static_cast<char>(~random) : random;
  }
}

}  // namespace

void endBody(Reply& reply, const BodyPosition& position) {
  if (reply.parts.empty()) {
    reply.body.resize(std::min<uint64_t>(reply.body.size(), position.bytes));
    return;
  }
  uint64_t left = position.bytes;
  for (size_t i = position.part.value_or(0); i < reply.parts.size(); ++i) {
    const uint64_t size = textOf(reply.parts[i]).size();
    if (left <= size) {
      truncatePart(reply.parts[i], left);
      reply.parts.resize(i + 1);
      return;
    }
    left -= size;
  }
}

void overwriteBody(Reply& reply, const BodyPosition& position, uint64_t length, uint64_t seed) {
  const bool toEnd = length == 0;
  uint64_t left = toEnd ? std::numeric_limits<uint64_t>::max() : length;
  uint64_t from = position.bytes;
  if (reply.parts.empty()) {
    overwrite(reply.body, std::min<uint64_t>(from, reply.body.size()), left, seed);
    return;
  }
  const size_t first = position.part.value_or(0);
  const size_t end = toEnd && position.part ? first + 1 : reply.parts.size();
  for (size_t i = first; i < end && left > 0; ++i) {
    std::string text = textOf(reply.parts[i]);
    const uint64_t size = text.size();
    if (from < size) {
      overwrite(text, from, left, seed + i);
      setBytes(reply.parts[i], std::move(text));
      left -= std::min(left, size - from);
    }
    from -= std::min(from, size);
  }
}

void truncatePart(BodyPart& part, uint64_t length) {
  std::string text = textOf(part);
  text.resize(std::min<uint64_t>(text.size(), length));
  setBytes(part, std::move(text));
}

}  // namespace kvsemulator
