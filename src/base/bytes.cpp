// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/bytes.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

namespace kvsarchive {

Bytes Bytes::copyOf(std::string_view text) {
  auto slab = std::make_shared<Slab>(text.size());
  if (!text.empty()) {
    std::memcpy(slab->data(), text.data(), text.size());
  }
  return Bytes(std::move(slab), 0, text.size());
}

Bytes joined(const Bytes& first, const std::vector<Bytes>& rest) {
  const size_t size =
      std::accumulate(rest.begin(), rest.end(), first.size(),
                      [](size_t sum, const Bytes& piece) { return sum + piece.size(); });
  auto slab = std::make_shared<Slab>(size);
  uint8_t* end = std::copy_n(first.data(), first.size(), slab->data());
  for (const Bytes& piece : rest) {
    end = std::copy_n(piece.data(), piece.size(), end);
  }
  return Bytes(std::move(slab), 0, size);
}

}  // namespace kvsarchive
