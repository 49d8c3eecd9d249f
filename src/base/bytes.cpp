// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/bytes.h"

#include <cstring>

namespace kvsarchive {

Bytes Bytes::copyOf(std::string_view text) {
  auto slab = std::make_shared<Slab>(text.size());
  if (!text.empty()) {
    std::memcpy(slab->data(), text.data(), text.size());
  }
  return Bytes(std::move(slab), 0, text.size());
}

}  // namespace kvsarchive
